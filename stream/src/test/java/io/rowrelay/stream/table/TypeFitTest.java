package io.rowrelay.stream.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TypeFitTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "integer | integer | HOLDS",
                "integer | bigint | HOLDS",
                "bigint | integer | NARROWER",
                "bigint | numeric | HOLDS",
                "bigint | numeric(5,0) | UNKNOWN",
                "real | double precision | HOLDS",
                "double precision | real | NARROWER",
                "character varying(100) | character varying(100) | HOLDS",
                "character varying(100) | character varying(99) | NARROWER",
                "character varying(100) | text | HOLDS",
                "text | character varying | HOLDS",
                "text | character varying(10) | NARROWER",
                "numeric(12,2) | numeric(14,2) | HOLDS",
                "numeric(12,2) | numeric | HOLDS",
                "numeric | numeric(12,2) | NARROWER",
                "numeric(12,2) | numeric(12,4) | NARROWER",
                "numeric(12,2) | numeric(12,1) | NARROWER",
                "numeric(5,-2) | numeric(7,0) | HOLDS",
                "numeric(5,-2) | numeric(5,0) | NARROWER",
                "timestamp(6) with time zone | timestamp(3) with time zone | NARROWER",
                "timestamp with time zone | timestamp without time zone | UNKNOWN",
                "integer[] | bigint[] | UNKNOWN",
                "character varying(10)[] | character varying(9)[] | NARROWER",
                "date | text | UNKNOWN"
            })
    void tells_whether_every_value_fits(String source, String destination, TypeFit fit) {
        assertThat(TypeFit.of(source, destination)).isEqualTo(fit);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "app.mood | public.mood | HOLDS",
                "app.mood[] | mood[] | HOLDS",
                "\"Odd.Schema\".\"My Type\" | \"My Type\" | HOLDS",
                "app.mood | app.colour | UNKNOWN",
                "numeric(12,2) | app.numeric(12,2) | HOLDS"
            })
    void does_not_mind_the_schema_of_a_type(String source, String destination, TypeFit fit) {
        assertThat(TypeFit.of(printed(source), printed(destination))).isEqualTo(fit);
    }

    private static ColumnType printed(String base) {
        return new ColumnType(
                base, base, false, false, base, "app", "any", -1, ColumnType.Shape.SCALAR, false, false, Map.of());
    }
}
