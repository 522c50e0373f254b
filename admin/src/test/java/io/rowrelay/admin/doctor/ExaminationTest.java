package io.rowrelay.admin.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.rowrelay.admin.command.Outcome;
import io.rowrelay.common.runtime.OutageException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ExaminationTest {
    private static final Finding DOWN = Finding.ill(Ailment.SOURCE_UNREACHABLE, "down", Remedy.byHand("start it"));
    private static final Finding WARNED = Finding.ill(Ailment.OPEN_TRANSACTION, "for an hour");

    @Test
    void skips_what_needs_a_thing_that_is_missing_and_goes_on_with_the_rest() throws Exception {
        List<Diagnosis> diagnoses = Examination.of(List.of(
                check("first", Set.of(), DOWN),
                check("second", Set.of(Need.SOURCE), Finding.sound("never made")),
                check("third", Set.of(Need.KAFKA), Finding.sound("fine"))));

        assertThat(diagnoses)
                .extracting(Diagnosis::finding)
                .containsExactly(DOWN, new Finding.Skipped("because of source-unreachable"), Finding.sound("fine"));
    }

    @Test
    void says_so_when_a_check_fails_for_no_known_reason() throws Exception {
        Check fails = new FixedCheck("fails", Set.of(), () -> {
            throw new OutageException("surprise", null);
        });

        List<Diagnosis> diagnoses = Examination.of(List.of(fails, check("next", Set.of(), Finding.sound("fine"))));

        assertThat(diagnoses)
                .extracting(Diagnosis::finding)
                .containsExactly(new Finding.Unclear("surprise"), Finding.sound("fine"));
        assertThat(Doctor.outcome(diagnoses, false)).isEqualTo(Outcome.FAILED);
    }

    @Test
    void ends_with_a_code_that_tells_problems_from_warnings() throws Exception {
        assertThat(outcome(false, Finding.sound("fine"))).isEqualTo(Outcome.DONE);
        assertThat(outcome(false, WARNED)).isEqualTo(Outcome.DONE);
        assertThat(outcome(true, WARNED)).isEqualTo(Outcome.NOT_IN_STEP);
        assertThat(outcome(false, DOWN)).isEqualTo(Outcome.NOT_IN_STEP);
    }

    @Test
    void tells_each_finding_with_what_it_means_and_what_mends_it() throws Exception {
        String text = DoctorText.of(Examination.of(List.of(check("first", Set.of(), DOWN))));

        assertThat(text)
                .contains("problem   source-unreachable: down", "The producer waits", "-> by hand:     start it")
                .endsWith("problems=1 warnings=0 ok=0 skipped=0 unclear=0");
    }

    private static Outcome outcome(boolean strict, Finding finding) throws InterruptedException {
        return Doctor.outcome(Examination.of(List.of(check("only", Set.of(), finding))), strict);
    }

    private static Check check(String name, Set<Need> needs, Finding finding) {
        return new FixedCheck(name, needs, () -> List.of(finding));
    }

    private interface Look {
        List<Finding> look() throws OutageException;
    }

    private record FixedCheck(String name, Set<Need> needs, Look body) implements Check {
        @Override
        public Subject subject() {
            return Subject.SOURCE;
        }

        @Override
        public List<Finding> look() throws OutageException {
            return body.look();
        }
    }
}
