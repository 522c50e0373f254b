package io.rowrelay.stream.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.rowrelay.stream.cut.CutRecord;
import io.rowrelay.stream.cut.CutRecord.Cut;
import io.rowrelay.stream.cut.CutRecord.Missing;
import io.rowrelay.stream.cut.CutRecord.Opened;
import io.rowrelay.stream.cut.WindowId;
import io.rowrelay.stream.record.Partition;
import io.rowrelay.stream.window.Snapshot;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CutJsonTest {
    private static final WindowId WINDOW = new WindowId(3, 17);
    private static final long SOURCE = 7_312_345_678_901_234_567L;
    private static final Cut CUT = new Cut(
            WINDOW,
            SOURCE,
            Snapshot.parse("10:20:10"),
            Snapshot.parse("10:25:"),
            Instant.parse("2026-11-30T20:51:42.123456Z"),
            Map.of(new Partition("shop.public.orders", 3), 1L, new Partition("shop.public.orders", 0), 12L));
    private static final String TEXT = """
            {"kind":"cut","epoch":3,"number":17,"source":"7312345678901234567","s1":"10:20:10","s2":"10:25:",\
            "taken_at":"2026-11-30T20:51:42.123456Z","counts":{"shop.public.orders":{"0":12,"3":1}}}""";

    @Test
    void the_form_is_a_contract() {
        assertThat(text(CUT)).isEqualTo(TEXT);
        assertThat(text(new Opened(WINDOW, SOURCE, Snapshot.parse("10:20:10"))))
                .isEqualTo(
                        "{\"kind\":\"open\",\"epoch\":3,\"number\":17,\"source\":\"7312345678901234567\",\"s1\":\"10:20:10\"}");
        assertThat(text(new Missing(WINDOW, SOURCE, Map.of(new Partition("a.b", 0), 1L))))
                .isEqualTo("{\"kind\":\"missing\",\"epoch\":3,\"number\":17,\"source\":\"7312345678901234567\","
                        + "\"counts\":{\"a.b\":{\"0\":1}}}");
    }

    @Test
    void reads_what_it_has_printed() {
        assertRead(CUT);
        assertRead(new Cut(WINDOW, -1, Snapshot.NOTHING, Snapshot.NOTHING, Instant.EPOCH, Map.of()));
        assertRead(new Opened(WINDOW, SOURCE, Snapshot.parse("10:20:10")));
        assertRead(new Missing(WINDOW, SOURCE, Map.of(new Partition("a.b", 0), 1L)));
    }

    @Test
    void members_of_later_versions_are_ignored() {
        assertThat(CutJson.parse(bytes(TEXT.replace("{\"kind\"", "{\"new\":[1,{}],\"kind\""))))
                .contains(CUT);
    }

    @Test
    void what_is_no_json_object_is_foreign() {
        assertThat(CutJson.parse(null)).isEmpty();
        assertThat(CutJson.parse(new byte[0])).isEmpty();
        assertThat(CutJson.parse(bytes("[]"))).isEmpty();
        assertThat(CutJson.parse(bytes("null"))).isEmpty();
        assertThat(CutJson.parse(bytes(TEXT + "x"))).isEmpty();
        assertThat(CutJson.parse(new byte[] {'{', (byte) 0xff, '}'})).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"cut\"|\"cuts\"",
                "\"epoch\":3|\"epoch\":0",
                "\"epoch\":3|\"epoch\":\"3\"",
                "\"epoch\":3|\"epoch\":3.5",
                "\"epoch\":3|\"epoch\":99999999999999999999",
                "\"number\":17|\"numbers\":17",
                "\"number\":17|\"number\":17,\"number\":18",
                "\"7312345678901234567\"|7312345678901234567",
                "10:20:10|10:20:30",
                "\"10:25:\"|null",
                "2026-11-30|2026-13-30",
                "\"0\":12|\"0\":0",
                "\"0\":12|\"00\":12",
                "\"0\":12|\"-1\":12",
                "\"0\":12|\"0\":\"12\"",
                "{\"0\":12,\"3\":1}|7",
            })
    void what_a_producer_would_not_write_is_foreign(String written, String other) {
        assertThat(TEXT).contains(written);
        assertThat(CutJson.parse(bytes(TEXT.replace(written, other)))).isEmpty();
    }

    private static void assertRead(CutRecord record) {
        assertThat(CutJson.parse(CutJson.print(record))).contains(record);
    }

    private static String text(CutRecord record) {
        return new String(CutJson.print(record), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
