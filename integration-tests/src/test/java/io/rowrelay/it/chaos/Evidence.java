package io.rowrelay.it.chaos;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * All that is found after a campaign.
 *
 * @param history what the writers committed, by key
 * @param model the rows there must be, with their stamps
 * @param sourceRows the rows of the source by key, as text
 * @param destinationRows the rows of the destination
 * @param captured the change table, in the order of action_id
 * @param published the changes on the topic
 * @param garbage the other records on the topic
 * @param effects the audit, in its order
 * @param deadLetters the dead-letter topic
 * @param losses what brokers lost of the topic
 */
record Evidence(
        Map<Integer, List<Change>> history,
        Map<Integer, Integer> model,
        Map<Integer, String> sourceRows,
        Map<Integer, String> destinationRows,
        List<Captured> captured,
        List<Published> published,
        List<Published> garbage,
        List<Effect> effects,
        List<DeadLetter> deadLetters,
        Losses losses) {

    /** A row of the change table. */
    record Captured(long actionId, Change change) {
        @Override
        public String toString() {
            return actionId + "=" + change;
        }
    }

    /** A record on the topic; garbage has the action_id 0 and the key 0. */
    record Published(
            long actionId, int key, int partition, long offset, long timestampMillis, String keyText, String value) {
        Place place() {
            return new Place(partition, offset);
        }

        @Override
        public String toString() {
            return "%d@%d:%d/%d".formatted(actionId, partition, offset, timestampMillis);
        }
    }

    /** Where a record is on the topic. */
    record Place(int partition, long offset) {}

    /** A line of the audit. */
    record Effect(long actionId, int key, String kind) {
        @Override
        public String toString() {
            return kind + " by " + actionId;
        }
    }

    /** A dead letter and the record that it is of. */
    record DeadLetter(Place origin, String key, String value, String reason) {
        boolean isOf(Published record) {
            return record.place().equals(origin)
                    && record.value().equals(value)
                    && record.keyText().equals(key);
        }
    }

    /** The dead letters by the place that they name. */
    Map<Place, List<DeadLetter>> deadLettersByOrigin() {
        return grouped(deadLetters, DeadLetter::origin);
    }

    static <K, V> Map<K, List<V>> grouped(List<V> all, Function<V, K> by) {
        Map<K, List<V>> groups = new LinkedHashMap<>();
        all.forEach(each ->
                groups.computeIfAbsent(by.apply(each), any -> new ArrayList<>()).add(each));
        return groups;
    }

    /** Everything known of a row. */
    String about(int key) {
        return "key %d%n  writer: %s%n  source: %s%n  destination: %s%n  captured: %s%n  published: %s%n  effects: %s%n  dead letters: %s"
                .formatted(
                        key,
                        history.getOrDefault(key, List.of()),
                        sourceRows.get(key),
                        destinationRows.get(key),
                        captured.stream()
                                .filter(each -> each.change().key() == key)
                                .toList(),
                        published.stream().filter(each -> each.key() == key).toList(),
                        effects.stream().filter(each -> each.key() == key).toList(),
                        deadLetters.stream()
                                .filter(each -> each.key().equals(Integer.toString(key)))
                                .toList());
    }
}
