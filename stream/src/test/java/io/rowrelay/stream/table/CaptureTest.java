package io.rowrelay.stream.table;

import static io.rowrelay.stream.table.TestColumns.column;
import static io.rowrelay.stream.table.TestColumns.keyColumn;
import static io.rowrelay.stream.table.TestColumns.table;
import static io.rowrelay.stream.table.TestColumns.type;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.rowrelay.stream.table.CapturedColumn.Form;
import io.rowrelay.stream.table.CapturedColumn.Text;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CaptureTest {
    private static final Column ID = keyColumn("id", "int4", 1);
    private static final Column CAPTURED_ID = column("id", "int8");
    private static final int NUMERIC_12_2 = (12 << 16 | 2) + 4;

    @ParameterizedTest
    @CsvSource({
        "int4, BARE, true, false",
        "numeric, BARE, false, false",
        "float8, BARE, true, false",
        "text, STRING, false, true",
        "uuid, STRING, true, false",
        "bytea, OTHER, false, true",
        "bpchar, OTHER, false, true",
        "timestamptz, OTHER, true, false",
        "jsonb, JSON, false, false",
        "json, OTHER, false, false",
        "inet, OTHER, false, false",
        "_int4, OTHER, false, false"
    })
    void knows_how_values_of_a_type_are_printed(String typeName, Text text, boolean small, boolean string) {
        CapturedColumn captured = captured(column("a", typeName), column("a", typeName));

        assertThat(captured.text()).isEqualTo(text);
        assertThat(captured.small()).isEqualTo(small);
        assertThat(captured.string()).isEqualTo(string);
    }

    @Test
    void an_array_is_printed_as_one_and_what_would_lose_something_as_text() {
        Column pair = column("a", type("app", "pair", -1, ColumnType.Shape.COMPOSITE, false));
        Column nested = column("a", type("app", "pair", -1, ColumnType.Shape.COMPOSITE, true));

        assertThat(captured(column("a", "_int4"), column("a", "_int4")).form()).isEqualTo(Form.ARRAY);
        assertThat(captured(pair, pair).form()).isEqualTo(Form.JSON);
        assertThat(captured(nested, nested).form()).isEqualTo(Form.TEXT);
    }

    @Test
    void a_key_has_one_text_form() {
        Table source = table(keyColumn("id", "_int4", 1));
        ChangeTable changes = new Capture(source, table(column("id", "_int8"))).changeTable();

        assertThat(changes.key())
                .singleElement()
                .extracting(CapturedColumn::form)
                .isEqualTo(Form.TEXT);
    }

    @Test
    void a_real_is_printed_as_one_though_the_change_table_holds_more() {
        assertThat(captured(column("a", "float4"), column("a", "float8")).cast())
                .isEqualTo("::real");
        assertThat(captured(column("a", "_float4"), column("a", "_float8")).cast())
                .isEqualTo("::real[]");
        assertThat(captured(column("a", "float8"), column("a", "float8")).cast())
                .isEmpty();
    }

    @Test
    void depends_on_the_source_table_only_where_that_says_how_a_row_is_printed() {
        Column real = column("a", "float4");
        ChangeTable printedAlike = new Capture(table(ID), table(CAPTURED_ID)).changeTable();
        ChangeTable cast = new Capture(table(ID, real), table(CAPTURED_ID, column("a", "float8"))).changeTable();

        assertThat(printedAlike.printedLike()).isZero();
        assertThat(printedAlike.definition()).isEqualTo(7);
        assertThat(cast.printedLike()).isEqualTo(1);
        assertThat(cast.definition()).isEqualTo(DefinitionHash.ofBoth(7, 7)).isNotZero();
    }

    @Test
    void a_number_with_a_precision_is_short() {
        Column price = column("a", type("numeric", NUMERIC_12_2));

        assertThat(captured(price, column("a", "numeric")).small()).isTrue();
    }

    @Test
    void a_column_that_is_called_like_a_member_of_the_envelope_has_another_name() {
        Table source = table(ID, column("action", "text"), column("_xid", "text"));
        Table changes = table(
                column("action_id", "int8"),
                CAPTURED_ID,
                column("_action", "text"),
                column("__xid", "text"),
                column("action", "text"),
                column("changed_at", "timestamptz"),
                column("xid", "xid8"));

        assertThat(new Capture(source, changes).changeTable().columns())
                .extracting(CapturedColumn::name, CapturedColumn::source, CapturedColumn::field)
                .containsExactly(
                        tuple("\"id\"", "\"id\"", "id"),
                        tuple("\"_action\"", "\"action\"", "_action"),
                        tuple("\"__xid\"", "\"_xid\"", "__xid"));
    }

    @Test
    void a_column_that_the_source_has_no_more_is_still_printed() {
        ChangeTable changes = new Capture(table(ID), table(CAPTURED_ID, column("gone", "text"))).changeTable();

        assertThat(changes.columns().get(1))
                .extracting(CapturedColumn::source, CapturedColumn::field)
                .containsExactly("\"gone\"", "gone");
    }

    @Test
    void the_key_is_in_its_own_order_and_what_is_missing_of_it_is_known() {
        Table source = table(keyColumn("b", "int4", 2), keyColumn("a", "int4", 1));
        Capture whole = new Capture(source, table(column("b", "int8"), column("a", "int8")));
        Capture half = new Capture(source, table(column("b", "int8")));

        assertThat(whole.changeTable().key()).extracting(CapturedColumn::name).containsExactly("\"a\"", "\"b\"");
        assertThat(whole.missingKey()).isEmpty();
        assertThat(half.missingKey()).extracting(Column::name).isEqualTo(List.of("a"));
    }

    private static CapturedColumn captured(Column source, Column changes) {
        return new Capture(table(ID, source), table(CAPTURED_ID, changes))
                .changeTable()
                .columns()
                .get(1);
    }
}
