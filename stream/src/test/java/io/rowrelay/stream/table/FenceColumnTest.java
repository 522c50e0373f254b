package io.rowrelay.stream.table;

import static io.rowrelay.stream.table.TestColumns.column;
import static io.rowrelay.stream.table.TestColumns.keyColumn;
import static io.rowrelay.stream.table.TestColumns.marked;
import static io.rowrelay.stream.table.TestColumns.table;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FenceColumnTest {
    private static final Column ACTION_ID = column("action_id", "int8");

    @Test
    void is_the_marked_column_whatever_it_is_called() {
        Column own = marked(column("_action_id", "int8"));

        assertThat(FenceColumn.of(table(ACTION_ID, own))).contains(new FenceColumn(own, true));
        assertThat(table(ACTION_ID, own).dataColumns()).containsExactly(ACTION_ID);
    }

    @Test
    void may_be_an_action_id_that_nothing_marks() {
        assertThat(FenceColumn.of(table(ACTION_ID))).contains(new FenceColumn(ACTION_ID, false));
        assertThat(FenceColumn.marked(table(ACTION_ID))).isEmpty();
    }

    @Test
    void is_no_action_id_that_cdc_destination_would_not_have_made() {
        assertThat(FenceColumn.of(table(column("action_id", "int4")))).isEmpty();
        assertThat(FenceColumn.of(table(keyColumn("action_id", "int8", 1)))).isEmpty();
        assertThat(FenceColumn.of(table(TestColumns.from(ACTION_ID, ValueOrigin.DEFAULT))))
                .isEmpty();
        assertThat(FenceColumn.of(table(TestColumns.from(ACTION_ID, ValueOrigin.IDENTITY_BY_DEFAULT))))
                .isEmpty();
        assertThat(FenceColumn.of(table(column("id", "int8")))).isEmpty();
    }
}
