package io.rowrelay.admin.command;

import io.rowrelay.common.settings.Setting;
import io.rowrelay.common.settings.ValueTypes;
import java.time.Duration;
import picocli.CommandLine.Model.OptionSpec;

/** How long a command waits for a database or a broker: for each answer, not for all its work. */
public final class CommandTimeout {
    static final String OPTION = "--timeout";

    /** What the option stands for; every command's table has it. */
    public static final Setting<Duration> SETTING = new Setting<>(
            "ADMIN_TIMEOUT",
            "Wait this long for a server to accept a connection, or to answer.",
            "30s",
            ValueTypes.duration(Duration.ofSeconds(1), Duration.ofHours(1)));

    private CommandTimeout() {}

    static OptionSpec option() {
        return OptionSpec.builder(OPTION)
                .type(String.class)
                .paramLabel("TIME")
                .description("Wait this long for a server that is slow to answer, such as 5s or 2m (default: "
                        + SETTING.name() + ", or " + SETTING.defaultText() + ").")
                .build();
    }
}
