package io.rowrelay.it.chaos;

import java.sql.SQLException;
import java.util.List;
import java.util.SplittableRandom;

/** Transactions of a few statements of all kinds on a few hundred keys; some are rolled back, some lose their connection. */
final class MixedHabit implements Habit {
    private static final int KEYS = 150;
    private static final int MOVED = 10;

    private final int first;

    MixedHabit(int first) {
        this.first = first;
    }

    @Override
    public void act(WriterSession session, SplittableRandom random) throws InterruptedException {
        session.transaction(transaction -> {
            statements(transaction, random, random.nextInt(10) < 6 ? 1 : random.nextInt(2, 6));
            if (random.nextInt(100) < 15) {
                transaction.inVain(inner -> {
                    statements(inner, random, random.nextInt(1, 4));
                    return false;
                });
                statements(transaction, random, 1);
            }
            if (random.nextInt(100) < 2) {
                transaction.die();
            }
            return random.nextInt(100) < 92;
        });
        session.pause(random.nextInt(20, 100));
    }

    private void statements(WriterTransaction transaction, SplittableRandom random, int count) throws SQLException {
        for (int i = 0; i < count; i++) {
            statement(transaction, random);
        }
    }

    private void statement(WriterTransaction transaction, SplittableRandom random) throws SQLException {
        int key = first + random.nextInt(KEYS);
        List<Integer> one = List.of(key);
        if (!transaction.rows().has(key)) {
            transaction.insert(one);
            return;
        }
        switch (random.nextInt(10)) {
            case 0, 1 -> transaction.delete(one);
            case 2 -> {
                transaction.delete(one);
                transaction.insert(one);
            }
            case 3 -> swap(transaction, key, first + random.nextInt(KEYS));
            case 4 -> shift(transaction);
            default -> transaction.update(one);
        }
    }

    /** By way of a key that is never a row otherwise. */
    private void swap(WriterTransaction transaction, int one, int other) throws SQLException {
        if (one != other && transaction.rows().has(other)) {
            int free = first + KEYS;
            transaction.move(List.of(one), free - one);
            transaction.move(List.of(other), one - other);
            transaction.move(List.of(free), other - free);
        }
    }

    /** A range of rows gets keys further up, or comes back. */
    private void shift(WriterTransaction transaction) throws SQLException {
        int away = first + KEYS + 1;
        List<Integer> moved = transaction.rows().keys(away, away + MOVED, true);
        if (moved.isEmpty()) {
            moved = transaction.rows().keys(first, first + MOVED, true);
            transaction.move(moved, away - first);
        } else if (transaction.rows().keys(first, first + MOVED, true).isEmpty()) {
            transaction.move(moved, first - away);
        } else {
            transaction.delete(moved);
        }
    }
}
