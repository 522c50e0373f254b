package io.rowrelay.it.chaos;

import java.sql.SQLException;
import java.util.List;
import java.util.SplittableRandom;

/** Statements of hundreds of rows. */
final class BulkHabit implements Habit {
    private static final int KEYS = 3_000;

    private final int first;

    BulkHabit(int first) {
        this.first = first;
    }

    @Override
    public void act(WriterSession session, SplittableRandom random) throws InterruptedException {
        session.transaction(transaction -> {
            statement(transaction, random, random.nextInt(100, KEYS));
            return random.nextInt(10) > 0;
        });
        session.pause(random.nextInt(3_000, 15_000));
    }

    private void statement(WriterTransaction transaction, SplittableRandom random, int count) throws SQLException {
        OwnRows rows = transaction.rows();
        List<Integer> low = some(rows.keys(first, first + KEYS, true), count);
        List<Integer> high = some(rows.keys(first + KEYS, first + 2 * KEYS, true), count);
        List<Integer> present = low.size() < high.size() ? high : low;
        if (present.size() < count / 2) {
            transaction.insert(some(rows.keys(first, first + KEYS, false), count));
            return;
        }
        switch (random.nextInt(4)) {
            case 0 -> transaction.delete(present);
            case 1 -> move(transaction, present);
            default -> transaction.update(present);
        }
    }

    private void move(WriterTransaction transaction, List<Integer> present) throws SQLException {
        int distance = present.get(0) < first + KEYS ? KEYS : -KEYS;
        transaction.move(
                present.stream()
                        .filter(key -> !transaction.rows().has(key + distance))
                        .toList(),
                distance);
    }

    private static List<Integer> some(List<Integer> keys, int count) {
        return keys.subList(0, Math.min(count, keys.size()));
    }
}
