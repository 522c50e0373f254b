package io.rowrelay.it.chaos;

import java.sql.SQLException;
import java.util.List;
import java.util.SplittableRandom;

/** A transaction that stays open for long while others go on, and writes at its beginning and before its end. */
final class LongHabit implements Habit {
    private static final int KEYS = 20;

    private final int first;
    private final int longestMillis;

    LongHabit(int first, int longestMillis) {
        this.first = first;
        this.longestMillis = longestMillis;
    }

    @Override
    public void act(WriterSession session, SplittableRandom random) throws InterruptedException {
        session.transaction(transaction -> {
            write(transaction, random);
            transaction.hold(random.nextInt(longestMillis / 9, longestMillis));
            write(transaction, random);
            return random.nextInt(10) < 8;
        });
        session.pause(random.nextInt(100, 2_000));
    }

    private void write(WriterTransaction transaction, SplittableRandom random) throws SQLException {
        for (int i = 0; i < 5; i++) {
            List<Integer> key = List.of(first + random.nextInt(KEYS));
            if (!transaction.rows().has(key.get(0))) {
                transaction.insert(key);
            } else if (random.nextInt(5) == 0) {
                transaction.delete(key);
            } else {
                transaction.update(key);
            }
        }
    }
}
