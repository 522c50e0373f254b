package io.rowrelay.bench.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ProcFileTest {
    private static final long NO_PROCESS = 999_999_999L;

    @BeforeEach
    void setUp() {
        assumeThat(ProcFile.available()).isTrue();
    }

    @Test
    void tells_the_same_cpu_as_the_jvm_does() {
        ProcessHandle self = ProcessHandle.current();

        double seconds = ProcFile.cpuSeconds(self.pid());

        Duration told = self.info().totalCpuDuration().orElseThrow();
        assertThat(seconds).isPositive().isCloseTo(told.toNanos() / 1e9, within(5.0));
    }

    @Test
    void counts_children_that_have_ended() throws Exception {
        long self = ProcessHandle.current().pid();
        double before = ProcFile.cpuSecondsOfEndedChildren(self);

        new ProcessBuilder("sh", "-c", "i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done")
                .start()
                .waitFor();

        assertThat(ProcFile.cpuSecondsOfEndedChildren(self)).isGreaterThan(before);
    }

    @Test
    void tells_the_memory() {
        long self = ProcessHandle.current().pid();

        assertThat(ProcFile.peakMegabytes(self)).isGreaterThan(10);
        assertThat(ProcFile.proportionalMegabytes(self)).isGreaterThan(10);
    }

    @Test
    void knows_nothing_of_a_process_that_has_ended() {
        assertThat(ProcFile.cpuSeconds(NO_PROCESS)).isZero();
        assertThat(ProcFile.peakMegabytes(NO_PROCESS)).isZero();
    }

    @Test
    void what_cannot_be_read_of_a_living_process_is_no_zero() {
        long self = ProcessHandle.current().pid();

        assertThatThrownBy(() -> ProcFile.lines(self, "no-such-file"))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("no-such-file of process " + self + ", which is alive");
    }

    @Test
    @Timeout(60)
    void knows_nothing_of_the_memory_of_a_zombie() throws Exception {
        // The shell's child ends at once; what the shell has become does not ask for it.
        Process parent = new ProcessBuilder("sh", "-c", "sleep 0 & exec sleep 600").start();
        try {
            long zombie = awaitZombie(parent);

            assertThat(ProcFile.proportionalMegabytes(zombie)).isZero();
            assertThat(ProcFile.lines(zombie, "no-such-file")).isEmpty();
        } finally {
            parent.destroyForcibly();
        }
    }

    private static long awaitZombie(Process parent) throws IOException {
        while (true) {
            for (ProcessHandle child : parent.children().toList()) {
                if (Files.readString(Path.of("/proc/" + child.pid() + "/stat")).contains(") Z ")) {
                    return child.pid();
                }
            }
            Thread.onSpinWait();
        }
    }
}
