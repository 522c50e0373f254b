package io.rowrelay.sandbox.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ConcurrentTasksTest {
    private final CountDownLatch never = new CountDownLatch(1);
    private final CountDownLatch woken = new CountDownLatch(1);

    @Test
    void gives_the_results_in_the_order_of_the_tasks() throws Exception {
        CountDownLatch second = new CountDownLatch(1);
        Callable<Integer> first = () -> {
            second.await();
            return 1;
        };
        Callable<Integer> before = () -> {
            second.countDown();
            return 2;
        };

        assertThat(ConcurrentTasks.run(List.of(first, before))).containsExactly(1, 2);
    }

    @Test
    void lets_the_failure_out_at_once_and_wakes_those_that_wait_for_the_one_that_failed() throws Exception {
        Callable<Integer> waiting = () -> {
            try {
                never.await();
            } catch (InterruptedException interrupted) {
                woken.countDown();
            }
            return 1;
        };
        Callable<Integer> failing = () -> {
            throw new SQLException("too many clients");
        };

        assertThatThrownBy(() -> ConcurrentTasks.run(List.of(waiting, failing)))
                .isInstanceOf(SQLException.class)
                .hasMessage("too many clients");
        assertThat(woken.await(10, TimeUnit.SECONDS)).isTrue();
    }
}
