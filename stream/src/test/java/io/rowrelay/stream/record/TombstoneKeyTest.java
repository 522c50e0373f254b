package io.rowrelay.stream.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TombstoneKeyTest {
    @Test
    void a_key_that_fits_stands_for_itself() {
        assertThat(TombstoneKey.of("42")).isEqualTo("42");
        assertThat(TombstoneKey.of("é".repeat(500))).isEqualTo("é".repeat(500));
        assertThat(TombstoneKey.of("")).isEmpty();
    }

    @Test
    void a_longer_key_is_stood_for_by_its_hash() {
        String hashed = TombstoneKey.of("é".repeat(501));

        assertThat(hashed).startsWith("sha256:").hasSize(71).isEqualTo(TombstoneKey.of("é".repeat(501)));
        assertThat(TombstoneKey.of("é".repeat(500) + "e")).isNotEqualTo(hashed);
        assertThat(TombstoneKey.of("x".repeat(5_000_000)).getBytes(StandardCharsets.UTF_8))
                .hasSize(71);
    }

    @Test
    void a_key_that_looks_like_a_hash_is_not_taken_for_one() {
        String hashed = TombstoneKey.of("x".repeat(2_000));

        assertThat(TombstoneKey.of(hashed)).isNotEqualTo(hashed).startsWith("sha256:");
    }
}
