package io.rowrelay.admin.doctor;

import io.rowrelay.admin.command.JsonObject;
import java.util.List;
import java.util.Locale;

/** Results as a JSON array. */
final class DoctorJson {
    private DoctorJson() {}

    static List<String> of(List<CheckReport> reports) {
        return JsonObject.lines(reports.stream().map(DoctorJson::object).toList());
    }

    private static JsonObject object(CheckReport report) {
        JsonObject json = new JsonObject()
                .with("subject", report.check().subject().toString())
                .with("check", report.check().name());
        CheckResult result = report.result();
        if (result instanceof CheckResult.Found found) {
            return json.with("verdict", found.problem().severity().name().toLowerCase(Locale.ROOT))
                    .with("id", found.problem().id())
                    .with("finding", found.text())
                    .with("meaning", found.problem().meaning())
                    .with(
                            "remedies",
                            found.remedies().stream()
                                    .map(remedy -> new JsonObject()
                                            .with("where", remedy.where().toString())
                                            .with("command", remedy.command()))
                                    .toList());
        }
        String verdict =
                result instanceof CheckResult.Ok ? "ok" : result instanceof CheckResult.Skipped ? "skipped" : "unclear";
        return json.with("verdict", verdict).with("finding", result.text());
    }
}
