package io.rowrelay.it.chaos;

import java.util.List;
import java.util.SplittableRandom;

/** A few keys, changed many times a second, and now and then deleted. */
final class HotHabit implements Habit {
    private static final int KEYS = 3;

    private final int first;

    HotHabit(int first) {
        this.first = first;
    }

    @Override
    public void act(WriterSession session, SplittableRandom random) throws InterruptedException {
        session.transaction(transaction -> {
            int key = first + random.nextInt(KEYS);
            if (!transaction.rows().has(key)) {
                transaction.insert(List.of(key));
            } else if (random.nextInt(20) == 0) {
                transaction.delete(List.of(key));
            } else {
                transaction.update(List.of(key));
            }
            return true;
        });
        session.pause(random.nextInt(5, 25));
    }
}
