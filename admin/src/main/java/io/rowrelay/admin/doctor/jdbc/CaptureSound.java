package io.rowrelay.admin.doctor.jdbc;

import io.rowrelay.admin.doctor.Ailment;
import io.rowrelay.admin.doctor.Check;
import io.rowrelay.admin.doctor.Finding;
import io.rowrelay.admin.doctor.Need;
import io.rowrelay.admin.doctor.Remedy;
import io.rowrelay.admin.doctor.StreamNames;
import io.rowrelay.admin.doctor.Subject;
import io.rowrelay.admin.look.jdbc.ReadOnlyDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the database's own functions behind cdc_check find, told apart by their words. */
final class CaptureSound {
    private static final Map<Pattern, Ailment> WORDS = words();
    private static final Pattern FUNCTION = Pattern.compile("there is no function .*|function .* is not as .*");
    private static final Set<Ailment> LOSSES = Set.of(
            Ailment.TRIGGER_DISABLED,
            Ailment.TRIGGER_MISSING,
            Ailment.TRIGGER_NOT_ALWAYS,
            Ailment.CHANGE_TABLE_STALE,
            Ailment.SEQUENCE_CACHE);

    private record Problem(int step, String text, String hint, boolean repairable) {
        Ailment ailment() {
            return WORDS.entrySet().stream()
                    .filter(words -> words.getKey().matcher(text).matches())
                    .map(Map.Entry::getValue)
                    .findFirst()
                    .orElse(step == 0 ? Ailment.TABLE_REFUSED : Ailment.CAPTURE_UNSOUND);
        }
    }

    private CaptureSound() {}

    private static Map<Pattern, Ailment> words() {
        Map<Pattern, Ailment> words = new LinkedHashMap<>();
        words.put(Pattern.compile("there is no table .*"), Ailment.TABLE_MISSING);
        words.put(Pattern.compile("there is no change table .*"), Ailment.CHANGE_TABLE_MISSING);
        words.put(Pattern.compile(".* has no trigger cdc_\\w+"), Ailment.TRIGGER_MISSING);
        words.put(Pattern.compile("trigger cdc_\\w+ of .* is disabled"), Ailment.TRIGGER_DISABLED);
        words.put(Pattern.compile("trigger cdc_\\w+ of .* is not enabled ALWAYS"), Ailment.TRIGGER_NOT_ALWAYS);
        words.put(Pattern.compile("the sequence of .* has CACHE .*"), Ailment.SEQUENCE_CACHE);
        words.put(
                Pattern.compile(
                        ".* lacks column .* of .*|.* has a column .* that .* has not|column .* of .* is .* and should be .*"),
                Ailment.CHANGE_TABLE_STALE);
        return words;
    }

    static Check check(ReadOnlyDatabase source, StreamNames names) {
        return new SqlCheck(
                "capture-is-sound",
                Subject.CAPTURE,
                Set.of(Need.PRIMARY, Need.SOURCE_SCRIPTS),
                source,
                connection -> look(connection, names));
    }

    private static List<Finding> look(Connection connection, StreamNames names) throws SQLException {
        List<Problem> problems = Rows.of(
                connection,
                "SELECT step, problem, hint, repair IS NOT NULL FROM rowrelay.problems(?, to_regclass(?), ?) ORDER BY step",
                row -> new Problem(row.getInt(1), row.getString(2), shown(row.getString(3)), row.getBoolean(4)),
                names.sourceTable(),
                names.sourceTable(),
                names.changeTable());
        List<Finding> findings = new ArrayList<>();
        for (Problem problem : causes(problems)) {
            findings.add(finding(problem, names));
        }
        return Rows.orSound(
                findings,
                names.sourceTable() + " is captured into " + names.changeTable() + ", triggers and sequence are sound");
    }

    private static String shown(@Nullable String hint) {
        return hint == null ? "" : hint;
    }

    /** One cause makes several problems: a function is stale because the table is, and missing with its trigger. */
    private static List<Problem> causes(List<Problem> problems) {
        for (Ailment first : List.of(Ailment.TABLE_MISSING, Ailment.CHANGE_TABLE_MISSING)) {
            List<Problem> only =
                    problems.stream().filter(each -> each.ailment() == first).toList();
            if (!only.isEmpty()) {
                return only;
            }
        }
        boolean explained = problems.stream()
                .anyMatch(each ->
                        each.ailment() == Ailment.CHANGE_TABLE_STALE || each.ailment() == Ailment.TRIGGER_MISSING);
        return problems.stream()
                .filter(each -> !explained || !FUNCTION.matcher(each.text()).matches())
                .toList();
    }

    private static Finding finding(Problem problem, StreamNames names) {
        Ailment ailment = problem.ailment();
        if (!problem.repairable()) {
            return Finding.ill(ailment, problem.text(), Remedy.byHand(problem.hint()));
        }
        return LOSSES.contains(ailment)
                ? Finding.ill(ailment, problem.text(), names.capture(), Remedy.resync())
                : Finding.ill(ailment, problem.text(), names.capture());
    }
}
