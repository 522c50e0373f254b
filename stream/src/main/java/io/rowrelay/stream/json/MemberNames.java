package io.rowrelay.stream.json;

import io.rowrelay.stream.json.ParsedRecord.NotJsonException;
import io.rowrelay.stream.record.ColumnNames;
import io.rowrelay.stream.record.Envelope;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The names in a record, in their order. Nearly all records of a stream have the same ones, and share what is made out of them
 * here.
 */
final class MemberNames {
    /** Those of an empty object. */
    static final MemberNames NONE = new MemberNames(List.of(), Map.of());

    private final List<String> all;
    private final Map<String, Integer> positions;
    private final List<String> columns;
    private final int[] columnPositions;
    private final int actionId;
    private final int action;
    private final int changedAt;
    private final boolean possible;

    private MemberNames(List<String> all, Map<String, Integer> positions) {
        this.all = all;
        this.positions = positions;
        this.columnPositions = IntStream.range(0, all.size())
                .filter(position -> !Envelope.FIELDS.contains(all.get(position)))
                .toArray();
        // A copy, since only such a list is taken as it is by whoever copies it again.
        this.columns =
                List.copyOf(IntStream.of(columnPositions).mapToObj(all::get).toList());
        this.actionId = position(Envelope.ACTION_ID);
        this.action = position(Envelope.ACTION);
        this.changedAt = position(Envelope.CHANGED_AT);
        this.possible = columns.stream().allMatch(ColumnNames::isPossible);
    }

    /** Each name can be there but once. */
    static MemberNames of(List<String> names) throws NotJsonException {
        Map<String, Integer> positions = new HashMap<>();
        for (String name : names) {
            if (positions.putIfAbsent(name, positions.size()) != null) {
                throw new NotJsonException("the name \"" + name + "\" is there twice");
            }
        }
        return new MemberNames(List.copyOf(names), positions);
    }

    int size() {
        return all.size();
    }

    String get(int position) {
        return all.get(position);
    }

    /** Whether the name is the one at this position; there need not be such a position. */
    boolean has(int position, String name) {
        return position < all.size() && all.get(position).equals(name);
    }

    /** Where the name is, or -1. */
    int position(String name) {
        return positions.getOrDefault(name, -1);
    }

    /** Where the action_id is, or -1. */
    int actionId() {
        return actionId;
    }

    /** Where the action is, or -1. */
    int action() {
        return action;
    }

    /** Where changed_at is, or -1. */
    int changedAt() {
        return changedAt;
    }

    /** Those that are not the envelope's. */
    List<String> columns() {
        return columns;
    }

    /** Whether a table can have columns of these names. */
    boolean possible() {
        return possible;
    }

    /** Where these are. */
    int[] columnPositions() {
        return columnPositions;
    }
}
