package io.rowrelay.admin.doctor;

import io.rowrelay.admin.doctor.Finding.Ill;
import io.rowrelay.admin.doctor.Finding.Skipped;
import io.rowrelay.admin.doctor.Finding.Unclear;
import io.rowrelay.common.runtime.OutageException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes checks in their order; one whose need was found missing before is skipped, with the reason. Not thread-safe. */
final class Examination {
    private final Map<Need, Ailment> missing = new EnumMap<>(Need.class);
    private final List<Diagnosis> diagnoses = new ArrayList<>();

    private Examination() {}

    static List<Diagnosis> of(List<Check> checks) throws InterruptedException {
        Examination examination = new Examination();
        for (Check check : checks) {
            examination.make(check);
        }
        return List.copyOf(examination.diagnoses);
    }

    private void make(Check check) throws InterruptedException {
        Optional<Ailment> reason = check.needs().stream()
                .filter(missing::containsKey)
                .map(missing::get)
                .findFirst();
        List<Finding> findings = reason.isPresent()
                ? List.of(new Skipped("because of " + reason.get().id()))
                : looked(check);
        for (Finding finding : findings) {
            diagnoses.add(new Diagnosis(check.subject(), check.name(), finding));
            if (finding instanceof Ill ill) {
                ill.ailment().missing().forEach(need -> missing.putIfAbsent(need, ill.ailment()));
            }
        }
    }

    private static List<Finding> looked(Check check) throws InterruptedException {
        try {
            return check.look();
        } catch (OutageException failure) {
            return List.of(new Unclear(String.valueOf(failure.getMessage())));
        }
    }
}
