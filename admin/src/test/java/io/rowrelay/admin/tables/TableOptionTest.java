package io.rowrelay.admin.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class TableOptionTest {
    private static final List<RegisteredTable> TABLES = Stream.of(
                    "shop.orders", "shop.\"Orders\"", "archive.orders", "shop.\"odd \"\".name\"", "shop.lines")
            .map(name -> new RegisteredTable(name, name + "_cdc", name, true, Set.of()))
            .toList();

    @Test
    void names_are_read_as_postgresql_reads_them() {
        assertThat(chosen("SHOP.Orders")).containsExactly("shop.orders");
        assertThat(chosen("shop.\"Orders\"")).containsExactly("shop.\"Orders\"");
        assertThat(chosen("\"Orders\"")).containsExactly("shop.\"Orders\"");
        assertThat(chosen("\"odd \"\".name\"")).containsExactly("shop.\"odd \"\".name\"");
        assertThat(chosen("lines", "archive . orders")).containsExactly("archive.orders", "shop.lines");
        assertThat(chosen()).hasSize(TABLES.size());
    }

    @Test
    void a_name_of_two_tables_is_refused_with_both() {
        assertThatThrownBy(() -> chosen("orders")).hasMessageContaining("say which of shop.orders, archive.orders");
    }

    @Test
    void a_name_of_no_table_is_refused_with_the_nearest() {
        assertThatThrownBy(() -> chosen("lnies")).hasMessageContaining("did you mean shop.lines?");
        assertThatThrownBy(() -> chosen("shop.linse")).hasMessageContaining("did you mean shop.lines?");
        assertThatThrownBy(() -> chosen("shop.")).hasMessageContaining("has no table shop.");
        assertThatThrownBy(() -> chosen("\"x")).hasMessageContaining("shop.lines");
    }

    private static List<String> chosen(String... names) {
        TableOption option = new TableOption();
        CommandLine line = new CommandLine(CommandLine.Model.CommandSpec.create()
                .addMixin("table", CommandLine.Model.CommandSpec.forAnnotatedObject(option)));
        line.parseArgs(
                Stream.of(names).flatMap(name -> Stream.of("--table", name)).toArray(String[]::new));
        return option.of(TABLES).stream().map(RegisteredTable::name).sorted().toList();
    }
}
