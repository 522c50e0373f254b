package io.rowrelay.admin.command;

import io.rowrelay.common.settings.Settings;
import io.rowrelay.common.settings.SettingsTable;
import io.rowrelay.common.settings.StreamSettings;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** A command that is declared as a {@link Verb}. */
final class VerbCommand extends AdminCommand {
    private final Verb verb;
    private final CommandSpec spec;

    VerbCommand(Verb verb) {
        this.verb = verb;
        this.spec = CommandSpec.wrapWithoutInspection(this).name(verb.name());
        spec.usageMessage().description(verb.duty());
        verb.options().forEach(spec::add);
        for (int place = 0; place < verb.positionals().size(); place++) {
            spec.addPositional(verb.positionals().get(place).spec(place));
        }
    }

    CommandSpec spec() {
        return spec;
    }

    @Override
    protected SettingsTable table() {
        return verb.table();
    }

    @Override
    protected Optional<String> stream() {
        return Optional.ofNullable(typed().get(StreamSettings.STREAM.name()));
    }

    @Override
    protected Map<String, String> words() {
        Map<String, String> words = typed();
        words.remove(StreamSettings.STREAM.name());
        return words;
    }

    private Map<String, String> typed() {
        Map<String, String> typed = new HashMap<>();
        for (int place = 0; place < verb.positionals().size(); place++) {
            String word = given().matchedPositionalValue(place, null);
            if (word != null) {
                typed.put(verb.positionals().get(place).setting().name(), word);
            }
        }
        return typed;
    }

    @Override
    protected Outcome run(Settings settings, Console console) throws Exception {
        return verb.body().run(settings, new Arguments(given()), console);
    }

    private ParseResult given() {
        return spec.commandLine().getParseResult();
    }
}
