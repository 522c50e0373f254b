package io.rowrelay.it.chaos;

import java.util.List;
import java.util.SplittableRandom;

/** Writes rows now and then that the destination refuses, and heals or deletes them after a while. */
final class PoisonHabit implements Habit {
    private static final int KEYS = 8;

    private final int first;
    private final History history;
    private volatile boolean often;

    PoisonHabit(int first, History history) {
        this.first = first;
        this.history = history;
    }

    /** Writes one a second or so from now on. */
    void often(boolean wanted) {
        this.often = wanted;
    }

    @Override
    public void act(WriterSession session, SplittableRandom random) throws InterruptedException {
        List<Integer> key = List.of(first + random.nextInt(KEYS));
        write(session, key, -history.nextStamp());
        session.pause(random.nextInt(500, 3_000));
        if (random.nextInt(3) > 0) {
            write(session, key, history.nextStamp());
        } else {
            session.transaction(transaction -> {
                if (transaction.rows().has(key.get(0))) {
                    transaction.delete(key);
                }
                return true;
            });
        }
        if (!often) {
            session.pause(random.nextInt(2_000, 8_000));
        }
    }

    private static void write(WriterSession session, List<Integer> key, int stamp) throws InterruptedException {
        session.transaction(transaction -> {
            if (transaction.rows().has(key.get(0))) {
                transaction.update(key, stamp);
            } else {
                transaction.insert(key, stamp);
            }
            return true;
        });
    }

    /** Makes every row one that the destination takes. */
    void heal(WriterSession session) throws InterruptedException {
        for (int key = first; key < first + KEYS; key++) {
            while (session.rows().stamp(key) < 0) {
                write(session, List.of(key), history.nextStamp());
            }
        }
    }
}
