package io.rowrelay.it.chaos;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Rows that are written once and never again: if the change of one is lost, no newer change hides that. */
final class FreshHabit implements Habit {
    private int next;

    FreshHabit(int first) {
        this.next = first;
    }

    @Override
    public void act(WriterSession session, SplittableRandom random) throws InterruptedException {
        List<Integer> keys =
                IntStream.range(next, next + random.nextInt(1, 4)).boxed().toList();
        next += keys.size();
        session.transaction(transaction -> {
            transaction.insert(keys);
            return true;
        });
        session.pause(random.nextInt(30, 90));
    }
}
