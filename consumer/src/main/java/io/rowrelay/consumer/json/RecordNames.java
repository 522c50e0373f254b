package io.rowrelay.consumer.json;

import io.rowrelay.consumer.json.ParsedRecord.NotJsonException;
import io.rowrelay.stream.record.Envelope;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The names in a record, in their order. Nearly all records of a stream have the same ones, and share what is made out of them
 * here.
 */
final class RecordNames {
    /** Those of an empty object. */
    static final RecordNames NONE = new RecordNames(List.of(), Map.of());

    private final List<String> all;
    private final Map<String, Integer> places;
    private final List<String> columns;
    private final int[] columnPlaces;
    private final int actionId;
    private final int action;
    private final int changedAt;

    private RecordNames(List<String> all, Map<String, Integer> places) {
        this.all = all;
        this.places = places;
        this.columnPlaces = IntStream.range(0, all.size())
                .filter(place -> !Envelope.FIELDS.contains(all.get(place)))
                .toArray();
        // A copy, since only such a list is taken as it is by whoever copies it again.
        this.columns = List.copyOf(IntStream.of(columnPlaces).mapToObj(all::get).toList());
        this.actionId = place(Envelope.ACTION_ID);
        this.action = place(Envelope.ACTION);
        this.changedAt = place(Envelope.CHANGED_AT);
    }

    /** Each name can be there but once. */
    static RecordNames of(List<String> names) throws NotJsonException {
        Map<String, Integer> places = new HashMap<>();
        for (String name : names) {
            if (places.putIfAbsent(name, places.size()) != null) {
                throw new NotJsonException("the name \"" + name + "\" is there twice");
            }
        }
        return new RecordNames(List.copyOf(names), places);
    }

    int size() {
        return all.size();
    }

    String get(int place) {
        return all.get(place);
    }

    /** Whether the name is the one at this place; there need not be such a place. */
    boolean has(int place, String name) {
        return place < all.size() && all.get(place).equals(name);
    }

    /** Where the name is, or -1. */
    int place(String name) {
        return places.getOrDefault(name, -1);
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

    /** Where these are. */
    int[] columnPlaces() {
        return columnPlaces;
    }
}
