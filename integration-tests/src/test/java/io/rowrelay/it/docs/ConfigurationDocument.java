package io.rowrelay.it.docs;

import io.rowrelay.common.command.DaemonDescription;
import io.rowrelay.common.command.SettingsReference;
import io.rowrelay.common.settings.Setting;
import io.rowrelay.common.settings.SettingsFamily;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Writes {@code docs/reference/configuration.md} from the daemons' tables of settings, so that page and code agree. */
final class ConfigurationDocument {

    private static final String INTRODUCTION = """
            # Configuration

            A test writes this page from the code; the command is at the end.

            ## How settings are read

            - First the defaults, then the file of `--config FILE`, then the environment. The later value wins.
            - The file is a Java properties file in UTF-8, with the names below: `HTTP_PORT=9000`. Write a `\\` in a value as
              `\\\\`.
            - A secret can come from a file: `SOURCE_DB_PASSWORD_FILE=/run/secrets/source`. One line break at the end of that file
              is ignored. The file is read again for each new session and Kafka client, so a secret can change without a restart.
              It is a mistake to give both `NAME` and `NAME_FILE` in one place.
            - Times are written `20ms`, `5s`, `15m`, `24h`, `30d`, or as in ISO-8601, `PT20M`. A text has 1 to 1000 characters.
            - An unknown name in the file is a mistake. So is one in the environment that begins with `SOURCE_DB_`,
              `DESTINATION_DB_` or `KAFKA_`, or that is nearly the name of a setting. Names of the other daemon, and the
              variables of Kafka's scripts and of Kubernetes service links, are allowed.
            - All mistakes are reported together on standard error, with exit code 2. A database or broker that does not answer
              is no mistake: the daemon waits, and `/health/ready` says why.
            - At start the daemon logs each setting and where it came from, secrets as `***`.
            - `<NAME>` in a default is the value of the setting `NAME`.
            - `STREAM=orders` alone means table `orders`, change table `orders_cdc`, topics `orders_cdc` and `orders_cdc_dlq`.
              The default stream `employees` is the example; its names differ.
            - Two daemons can share one environment or file: `PRODUCER_HTTP_PORT` and `CONSUMER_HTTP_PORT` override
              `HTTP_PORT`, and `PRODUCER_STATUS_PEER` and `CONSUMER_STATUS_PEER` override `STATUS_PEER`, wherever each is given.
            """;

    private static final int MOST_WORDS_SAID_TWICE = 7;

    private static final String CLOSING = """

            ## Exit codes

            | Code | Meaning |
            |-|-|
            | 0 | stopped by SIGTERM or SIGINT |
            | 1 | cannot go on; the log says why |
            | 2 | wrong command line or configuration |

            ## HTTP

            | Request | Answer |
            |-|-|
            | `GET /health/live` | 200 while the daemon's loop moves, otherwise 503; JSON `{"status":"live","reason":"..."}` |
            | `GET /health/ready` | 200 while the daemon works, otherwise 503; JSON `{"status":"not ready","reason":"...","since":"..."}` |
            | `GET /metrics` | metrics as Prometheus text, or as OpenMetrics if `Accept` asks for it |

            ## Write this page again

                %s
            """;

    private ConfigurationDocument() {}

    /**
     * The whole text.
     *
     * @param daemons the daemons it is about
     * @param command what writes it again
     */
    static String markdown(List<DaemonDescription> daemons, String command) {
        Set<Setting<?>> shared = new LinkedHashSet<>(daemons.get(0).table().settings());
        daemons.forEach(daemon -> shared.retainAll(daemon.table().settings()));
        StringBuilder text = new StringBuilder(INTRODUCTION);
        Map<String, String> said = new HashMap<>();
        append(text, "Settings of every daemon", List.copyOf(shared), said);
        for (DaemonDescription daemon : daemons) {
            append(
                    text,
                    "Settings of the " + daemon.name(),
                    daemon.table().settings().stream()
                            .filter(Predicate.not(shared::contains))
                            .toList(),
                    said);
        }
        families(daemons).forEach(family -> append(text, family));
        return text.append(CLOSING.formatted(command)).toString();
    }

    private static void append(StringBuilder text, String title, List<Setting<?>> settings, Map<String, String> said) {
        text.append("\n## ").append(title).append("\n\n| Name | Default | Meaning | Allowed |\n|-|-|-|-|\n");
        for (Setting<?> setting : settings) {
            String file = setting.type().secret() ? ", `" + setting.fileName() + "`" : "";
            text.append("| `%s`%s | %s | %s | %s |\n"
                    .formatted(
                            setting.name(), file, defaultOf(setting), setting.description(), allowed(setting, said)));
        }
    }

    /** The allowed values. A long text stands at the first setting only; {@code said} maps each text to that setting. */
    private static String allowed(Setting<?> setting, Map<String, String> said) {
        String text = withoutExamples(setting.type().allowed());
        String first = said.putIfAbsent(text, setting.name());
        boolean news = first == null || first.equals(setting.name());
        return news || text.split(" ").length <= MOST_WORDS_SAID_TWICE ? text : "as `" + first + "`";
    }

    /** How times are written, and how long a text may be, stands at the beginning. */
    private static String withoutExamples(String allowed) {
        return allowed.replaceFirst("^(a time from \\S+ to [^,]+), such as .*", "$1")
                .replaceFirst("^text of 1 to 1000 characters$", "text");
    }

    private static String defaultOf(Setting<?> setting) {
        String usual = "`" + SettingsReference.defaultOf(setting) + "`";
        return setting.special()
                .map(special -> "%s; `%s` for the %s `%s`"
                        .formatted(usual, special.text(), SettingsReference.nounOf(special), special.value()))
                .orElse(usual);
    }

    private static void append(StringBuilder text, SettingsFamily family) {
        text.append("\n## `").append(family.prefix()).append("<PROPERTY>`\n\n").append(family.description());
        text.append("\n\n| Name | Allowed |\n|-|-|\n");
        Map<String, String> names = new LinkedHashMap<>();
        family.restrictions().forEach((name, allowed) -> names.merge(allowed, "`" + name + "`", "%s, %s"::formatted));
        names.forEach((allowed, these) -> text.append("| %s | %s |\n".formatted(these, allowed)));
    }

    private static List<SettingsFamily> families(List<DaemonDescription> daemons) {
        Map<String, SettingsFamily> families = daemons.stream()
                .flatMap(daemon -> daemon.table().families().stream())
                .collect(Collectors.toMap(SettingsFamily::prefix, family -> family, (a, b) -> a, LinkedHashMap::new));
        return List.copyOf(families.values());
    }
}
