package io.rowrelay.stream.cut;

import static org.assertj.core.api.Assertions.assertThat;

import io.rowrelay.stream.record.TopicRecord.Header;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WindowHeadersTest {
    private static final WindowHeaders HEADERS =
            new WindowHeaders("public.\"Größe\"", 4_294_967_296L, new WindowId(3, 17));

    @Test
    void reads_what_it_has_written_among_others() {
        List<Header> all = new ArrayList<>(List.of(new Header("rowrelay.source", null)));
        all.addAll(HEADERS.headers());

        assertThat(WindowHeaders.of(all)).contains(HEADERS);
    }

    @Test
    void all_three_must_be_there() {
        for (Header missing : HEADERS.headers()) {
            assertThat(WindowHeaders.of(HEADERS.headers().stream()
                            .filter(each -> !each.name().equals(missing.name()))
                            .toList()))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "3", "3:", ":17", "0:17", "3:0", "-3:17", "3:17:1", "3:99999999999999999999", " 3:17"})
    void a_window_that_is_none_is_foreign(String window) {
        assertThat(withWindow(window)).isEmpty();
        assertThat(withWindow("3:17")).isPresent();
    }

    private static Optional<WindowHeaders> withWindow(String window) {
        return WindowHeaders.of(List.of(
                new Header(WindowHeaders.TABLE, bytes("public.a")),
                new Header(WindowHeaders.XID, bytes("17")),
                new Header(WindowHeaders.WINDOW, bytes(window))));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
