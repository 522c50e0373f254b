package io.rowrelay.admin.doctor;

import io.rowrelay.admin.doctor.CheckResult.Found;
import io.rowrelay.admin.doctor.CheckResult.Skipped;
import io.rowrelay.admin.doctor.CheckResult.Unclear;
import io.rowrelay.common.runtime.OutageException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes checks in their order; a check whose need is missing is skipped, with the reason. Not thread-safe. */
final class Checks {
    /** All checks, each behind those that it builds on. */
    static final List<Check> ALL = List.of(
            ConnectionCheck.SOURCE,
            SourceStateCheck.PRIMARY,
            ScriptsCheck.SOURCE,
            CapturedTableCheck.CHECK,
            PrivilegesCheck.PRODUCER,
            StrangersCheck.CHECK,
            SourceStateCheck.NOT_RESTORED,
            OpenTransactionsCheck.CHECK,
            PublishingCheck.CHECK,
            ChangeTableSizeCheck.CHECK,
            BrokerCheck.ANSWERS,
            BrokerCheck.DISKS,
            TopicCheck.CHECK,
            TopicSettingsCheck.CHECK,
            DeadLetterTopicCheck.CHECK,
            SourceStateCheck.CURRENT_PRIMARY,
            ConnectionCheck.DESTINATION,
            DestinationTableCheck.WRITABLE,
            ScriptsCheck.DESTINATION,
            DestinationTableCheck.OWN_TABLES,
            DestinationTableCheck.TABLE,
            DestinationColumnsCheck.CHECK,
            WritableColumnsCheck.CHECK,
            ConstraintsCheck.CONSTRAINTS,
            DestinationTableCheck.WRITERS,
            ConstraintsCheck.CONDITIONS,
            TriggersCheck.CHECK,
            PrivilegesCheck.CONSUMER,
            ClockCheck.SOURCE,
            ClockCheck.DESTINATION,
            DeadLettersCheck.CHECK,
            ApplyingCheck.CHECK);

    private final CheckContext context;
    private final Map<Need, Problem> missing = new EnumMap<>(Need.class);
    private final List<CheckReport> reports = new ArrayList<>();

    private Checks(CheckContext context) {
        this.context = context;
    }

    static List<CheckReport> make(List<Check> checks, CheckContext context) throws InterruptedException {
        Checks made = new Checks(context);
        for (Check check : checks) {
            made.make(check);
        }
        return List.copyOf(made.reports);
    }

    private void make(Check check) throws InterruptedException {
        Optional<Problem> reason = check.needs().stream()
                .filter(missing::containsKey)
                .map(missing::get)
                .findFirst();
        List<CheckResult> results = reason.isPresent()
                ? List.of(new Skipped("because of " + reason.get().id()))
                : look(check);
        for (CheckResult result : results) {
            reports.add(new CheckReport(check, result));
            if (result instanceof Found found) {
                found.problem().missing().forEach(need -> lose(need, found.problem()));
            }
        }
    }

    private void lose(Need need, Problem problem) {
        for (Need each : Need.values()) {
            if (each.restsOn(need)) {
                missing.putIfAbsent(each, problem);
            }
        }
    }

    private List<CheckResult> look(Check check) throws InterruptedException {
        try {
            return check.look().at(context);
        } catch (OutageException failure) {
            return List.of(new Unclear(String.valueOf(failure.getMessage())));
        }
    }
}
