package io.rowrelay.admin.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ColumnTypesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "integer | integer | HOLDS",
                "integer | bigint | HOLDS",
                "bigint | integer | NARROWER",
                "bigint | numeric | HOLDS",
                "bigint | numeric(5,0) | OTHER",
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
                "timestamp(6) with time zone | timestamp(3) with time zone | NARROWER",
                "timestamp with time zone | timestamp without time zone | OTHER",
                "integer[] | bigint[] | OTHER",
                "character varying(10)[] | character varying(9)[] | NARROWER",
                "date | text | OTHER"
            })
    void tells_whether_every_value_fits(String source, String destination, ColumnTypes.Fit fit) {
        assertThat(ColumnTypes.compare(source, destination)).isEqualTo(fit);
    }
}
