package io.rowrelay.admin.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.rowrelay.admin.command.AdminSettings;
import io.rowrelay.admin.command.Outcome;
import io.rowrelay.admin.status.StreamServers;
import io.rowrelay.common.runtime.OutageException;
import io.rowrelay.common.settings.Settings;
import io.rowrelay.common.settings.SettingsSource;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ChecksTest {
    private static final CheckResult DOWN =
            CheckResult.found(ConnectionCheck.SOURCE_UNREACHABLE, "down", Remedy.byHand("start it"));
    private static final CheckResult WARNED = CheckResult.found(OpenTransactionsCheck.OPEN_TRANSACTION, "for an hour");

    @Test
    void skips_what_needs_a_thing_that_is_missing_and_goes_on_with_the_rest() throws Exception {
        List<CheckReport> reports = make(List.of(
                check("first", Set.of(), DOWN),
                check("second", Set.of(Need.SOURCE), CheckResult.ok("never made")),
                check("third", Set.of(Need.KAFKA), CheckResult.ok("fine"))));

        assertThat(reports)
                .extracting(CheckReport::result)
                .containsExactly(
                        DOWN, new CheckResult.Skipped("because of source-unreachable"), CheckResult.ok("fine"));
    }

    @Test
    void skips_what_rests_on_a_thing_that_is_missing() throws Exception {
        List<CheckReport> reports = make(List.of(
                check("first", Set.of(), DOWN),
                check("second", Set.of(Need.CHANGES), CheckResult.ok("never made")),
                check("third", Set.of(Need.PUBLISHABLE, Need.DESTINATION_TABLE), CheckResult.ok("fine"))));

        assertThat(reports)
                .extracting(CheckReport::result)
                .containsExactly(
                        DOWN, new CheckResult.Skipped("because of source-unreachable"), CheckResult.ok("fine"));
    }

    @Test
    void says_so_when_a_check_fails_for_no_known_reason() throws Exception {
        Check fails = new Check("fails", Subject.SOURCE, Set.of(), List.of(), context -> {
            throw new OutageException("surprise", null);
        });

        List<CheckReport> reports = make(List.of(fails, check("next", Set.of(), CheckResult.ok("fine"))));

        assertThat(reports)
                .extracting(CheckReport::result)
                .containsExactly(new CheckResult.Unclear("surprise"), CheckResult.ok("fine"));
        assertThat(DoctorCommand.outcome(reports, false)).isEqualTo(Outcome.FAILED);
    }

    @Test
    void prints_each_result_as_an_object_on_its_own_line() throws Exception {
        assertThat(String.join(
                        "\n",
                        DoctorJson.of(make(List.of(
                                check("first", Set.of(), DOWN),
                                check("second", Set.of(Need.SOURCE), CheckResult.ok("fine")))))))
                .isEqualTo("""
                        [{"subject":"source","check":"first","verdict":"problem","id":"source-unreachable","finding":"down",\
                        "meaning":"The source does not answer. The producer waits; changes are still captured, and nothing is lost.",\
                        "remedies":[{"where":"by hand","command":"start it"}]},
                        {"subject":"source","check":"second","verdict":"skipped","finding":"because of source-unreachable"}]""");
    }

    @Test
    void has_an_id_of_its_own_for_every_problem() {
        List<Problem> problems = Checks.ALL.stream()
                .flatMap(check -> check.problems().stream())
                .distinct()
                .toList();

        assertThat(problems).extracting(Problem::id).doesNotHaveDuplicates().allMatch(id -> id.matches("[a-z-]+"));
        assertThat(Checks.ALL).extracting(Check::name).doesNotHaveDuplicates();
    }

    @Test
    void ends_with_a_code_that_tells_problems_from_warnings() throws Exception {
        assertThat(outcome(false, CheckResult.ok("fine"))).isEqualTo(Outcome.DONE);
        assertThat(outcome(false, WARNED)).isEqualTo(Outcome.DONE);
        assertThat(outcome(true, WARNED)).isEqualTo(Outcome.NOT_EQUAL);
        assertThat(outcome(false, DOWN)).isEqualTo(Outcome.NOT_EQUAL);
    }

    @Test
    void tells_each_problem_with_what_it_means_and_what_repairs_it() throws Exception {
        String text = String.join("\n", DoctorText.of(make(List.of(check("first", Set.of(), DOWN)))));

        assertThat(text)
                .contains("problem   source-unreachable: down", "The producer waits", "-> by hand:     start it")
                .endsWith("problems=1 warnings=0 ok=0 skipped=0 unclear=0");
    }

    private static Outcome outcome(boolean strict, CheckResult result) throws InterruptedException {
        return DoctorCommand.outcome(make(List.of(check("only", Set.of(), result))), strict);
    }

    private static Check check(String name, Set<Need> needs, CheckResult result) {
        return new Check(name, Subject.SOURCE, needs, List.of(), context -> List.of(result));
    }

    private static List<CheckReport> make(List<Check> checks) throws InterruptedException {
        AdminSettings settings = AdminSettings.from(Settings.read(SettingsSource.of(Map.of()), AdminSettings.TABLE));
        // Nothing is connected to.
        try (StreamServers servers = new StreamServers(settings)) {
            return Checks.make(
                    checks,
                    new CheckContext(
                            settings, servers, Duration.ofMinutes(1), Duration.ofMinutes(5), InstantSource.system()));
        }
    }
}
