package io.rowrelay.common.command;

import io.rowrelay.common.settings.Setting;
import io.rowrelay.common.settings.SettingsFamily;
import io.rowrelay.common.settings.StreamSettings;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Writes {@code docs/reference/configuration.md} from the tables of the daemons, so that it cannot tell anything else than the code. */
public final class ConfigurationDocument {

    private static final String INTRODUCTION = """
            # Configuration

            Written from the code by a test, which fails when this text differs: change the tables of settings, then run the
            command at the end.

            ## How settings are read

            - Defaults, then the file given with `--config FILE`, then the environment; the later one wins.
            - The file has the syntax of Java properties, in UTF-8, and the same names: `HTTP_PORT=9000`. A `\\` in a value is
              written `\\\\`.
            - A secret can be read from a file: `SOURCE_DB_PASSWORD_FILE=/run/secrets/source`. One line break at the end of the
              file is not part of the secret. Giving both `NAME` and `NAME_FILE` in one place is a mistake. The file is read again for
              each new session and each new Kafka client, so a secret can be rotated without a restart.
            - Times are written `20ms`, `5s`, `15m`, `24h`, `30d`, or as in ISO-8601, `PT20M`.
            - A name in the file that no setting has is a mistake. So is one in the environment that was meant for Rowrelay: with
              the prefix `SOURCE_DB_`, `DESTINATION_DB_` or `KAFKA_`, or a slip of the pen away from a setting. Names of the
              other daemon are let pass, so both can run with one file or environment; so are the variables of Kafka's own
              scripts and of Kubernetes service links.
            - All mistakes are reported at once on standard error, and the exit code is 2. A database or broker that cannot be
              reached is no mistake: the daemon waits, and `/health/ready` says for what.
            - At start the settings in force are logged with where they came from; secrets are shown as `***`.
            - `<NAME>` in a default stands for the value of the setting `NAME`.
            - What follows from `STREAM` need not be given: `STREAM=orders` alone is table `orders`, change table `orders_cdc`,
              topics `orders_cdc` and `orders_cdc_dlq`. The stream `employees`, which ships with Rowrelay and is the default, has
              names of its own.
            - Two daemons can share one environment or file: `PRODUCER_HTTP_PORT` and `CONSUMER_HTTP_PORT` go before `HTTP_PORT`,
              wherever each is given, and `PRODUCER_STATUS_PEER` and `CONSUMER_STATUS_PEER` before `STATUS_PEER`. Without any of
              them the ports are 8081 and 8082.
            """;

    private static final String CLOSING = """

            ## Exit codes

            | Code | Meaning |
            | --- | --- |
            | 0 | stopped by SIGTERM or SIGINT |
            | 1 | cannot go on; the log says why |
            | 2 | wrong command line or configuration |

            ## HTTP

            | Request | Answer |
            | --- | --- |
            | `GET /health/live` | 200 while the daemon's loop moves, else 503; JSON `{"status":"live","reason":"..."}` |
            | `GET /health/ready` | 200 while the daemon does its work, else 503; JSON `{"status":"not ready","reason":"...","since":"..."}` |
            | `GET /metrics` | the metrics as Prometheus text, or as OpenMetrics where `Accept` asks for it |

            ## Writing this file anew

                %s
            """;

    private ConfigurationDocument() {}

    /**
     * The whole text.
     *
     * @param daemons the daemons it is about
     * @param command what writes it anew
     */
    public static String markdown(List<DaemonDescription> daemons, String command) {
        Set<Setting<?>> shared = new LinkedHashSet<>(daemons.get(0).table().settings());
        daemons.forEach(daemon -> shared.retainAll(daemon.table().settings()));
        StringBuilder text = new StringBuilder(INTRODUCTION);
        append(text, "Settings of every daemon", List.copyOf(shared));
        for (DaemonDescription daemon : daemons) {
            append(
                    text,
                    "Settings of the " + daemon.name(),
                    daemon.table().settings().stream()
                            .filter(Predicate.not(shared::contains))
                            .toList());
        }
        families(daemons).forEach(family -> append(text, family));
        return text.append(CLOSING.formatted(command)).toString();
    }

    private static void append(StringBuilder text, String title, List<Setting<?>> settings) {
        text.append("\n## ")
                .append(title)
                .append("\n\n| Name | Default | Meaning | Allowed |\n| --- | --- | --- | --- |\n");
        for (Setting<?> setting : settings) {
            String file = setting.type().secret() ? ", `" + setting.fileName() + "`" : "";
            text.append("| `%s`%s | %s | %s | %s |\n"
                    .formatted(
                            setting.name(),
                            file,
                            defaultOf(setting),
                            setting.description(),
                            setting.type().allowed()));
        }
    }

    private static String defaultOf(Setting<?> setting) {
        String usual = "`" + SettingsReference.defaultOf(setting) + "`";
        return setting.shippedText()
                .map(shipped ->
                        usual + "; `" + shipped + "` for the stream `" + StreamSettings.STREAM.defaultText() + "`")
                .orElse(usual);
    }

    private static void append(StringBuilder text, SettingsFamily family) {
        text.append("\n## `").append(family.prefix()).append("<PROPERTY>`\n\n").append(family.description());
        text.append("\n\n| Name | Allowed |\n| --- | --- |\n");
        family.restrictions().forEach((name, allowed) -> text.append("| `%s` | %s |\n".formatted(name, allowed)));
    }

    private static List<SettingsFamily> families(List<DaemonDescription> daemons) {
        Map<String, SettingsFamily> families = daemons.stream()
                .flatMap(daemon -> daemon.table().families().stream())
                .collect(Collectors.toMap(SettingsFamily::prefix, family -> family, (a, b) -> a, LinkedHashMap::new));
        return List.copyOf(families.values());
    }
}
