package io.rowrelay.producer.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.stream.CapturedTable;
import io.rowrelay.stream.record.PublishedChange;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CaptureCheckTest {
    private final OutageException disabled = OutageException.dataAtRisk("trigger disabled");
    private final OutageException unreadable = OutageException.waitingForAHuman("permission denied");
    private final OutageException outOfReach = OutageException.outOfReach("source", "connection refused", null);

    @Test
    void is_silent_when_every_table_is_captured() {
        assertThatCode(() -> CaptureCheck.check(List.of(table("orders", null), table("items", null))))
                .doesNotThrowAnyException();
    }

    @Test
    void says_of_the_only_table_what_is_wrong_with_it() {
        assertThat(checked(table("orders", disabled))).isSameAs(disabled);
    }

    @Test
    void names_each_table_that_is_not_sound_and_no_other() {
        OutageException failure = checked(
                table("public.orders", disabled), table("public.items", null), table("public.notes", unreadable));

        assertThat(failure).hasMessage("table public.orders: trigger disabled; table public.notes: permission denied");
        assertThat(failure.isDataAtRisk()).isTrue();
    }

    @Test
    void puts_no_data_at_risk_where_no_table_does() {
        OutageException failure = checked(table("orders", null), table("notes", unreadable));

        assertThat(failure).hasMessage("table notes: permission denied");
        assertThat(failure.isDataAtRisk()).isFalse();
        assertThat(failure.isWaitingForAHuman()).isTrue();
    }

    @Test
    void blames_no_table_for_a_database_that_is_out_of_reach() {
        assertThat(checked(table("orders", disabled), table("items", outOfReach)))
                .isSameAs(outOfReach);
    }

    private static OutageException checked(TableCapture... tables) {
        return catchThrowableOfType(OutageException.class, () -> CaptureCheck.check(List.of(tables)));
    }

    private static TableCapture table(String name, @Nullable OutageException problem) {
        return new TableCapture() {
            @Override
            public CapturedTable table() {
                return new CapturedTable(name, name + "_cdc", name + "_cdc");
            }

            @Override
            public void check() throws OutageException {
                if (problem != null) {
                    throw problem;
                }
            }

            @Override
            public void compare(List<PublishedChange> published) {}
        };
    }
}
