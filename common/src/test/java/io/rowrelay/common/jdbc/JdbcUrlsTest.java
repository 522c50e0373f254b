package io.rowrelay.common.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.rowrelay.common.settings.Credentials;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class JdbcUrlsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:postgresql://localhost:5432/source",
                "jdbc:postgresql://db/source",
                "jdbc:postgresql://a:1,b:2/source?targetServerType=primary",
                "jdbc:postgresql://[::1]:5432/source?sslmode=require&ApplicationName=x",
                "jdbc:postgresql://db/source?"
            })
    void takes_what_the_driver_takes(String url) {
        assertThat(JdbcUrls.type().parse(url)).contains(url);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "nonsense",
                "jdbc:mysql://localhost/source",
                "postgresql://localhost/source",
                "jdbc:postgresql:source",
                "jdbc:postgresql://localhost",
                "jdbc:postgresql://localhost/",
                "jdbc:postgresql:///source",
                "jdbc:postgresql://localhost:port/source",
                "jdbc:postgresql://h:99999/s",
                "jdbc:postgresql://localhost/source?sslmod=require",
                "jdbc:postgresql://localhost/a b",
                "jdbc:postgresql://localhost/source?user=cdc",
                "jdbc:postgresql://localhost/source?password=cdc",
                "jdbc:postgresql://cdc:secret@localhost/source",
                "jdbc:postgresql://localhost/source?%zz=1",
                "jdbc:postgresql://localhost/%zz",
                "JDBC:POSTGRESQL://localhost/source",
                "\u0000"
            })
    void refuses_anything_else(String url) {
        assertThat(JdbcUrls.type().parse(url)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "jdbc:postgresql://cdc:hunter2@db/source, jdbc:postgresql://***@db/source",
        "jdbc:postgresql://cdc:hun/te@r2@db/source, jdbc:postgresql://***@db/source",
        "jdbc:postgresql://db/s?user=hunter2&PASSWORD=hunter2&ssl=true, jdbc:postgresql://db/s?user=***&PASSWORD=***&ssl=true",
        "jdbc:postgresql://db/s?sslpassword=hunter2, jdbc:postgresql://db/s?sslpassword=***",
        "postgres://u:hunter2@h/s, postgres://***@h/s"
    })
    void shows_no_credentials(String url, String shown) {
        assertThat(Credentials.masked(url)).isEqualTo(shown);
    }

    @Test
    void shows_no_password_of_a_database() {
        DatabaseSettings settings = new DatabaseSettings("jdbc:postgresql://db/s", "cdc", "hunter2");

        assertThat(settings.toString())
                .contains("jdbc:postgresql://db/s", "user=cdc")
                .doesNotContain("hunter2");
    }
}
