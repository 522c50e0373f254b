package io.rowrelay.admin.doctor;

import io.rowrelay.admin.command.JsonObject;
import java.util.List;
import java.util.Locale;

/** Findings as a JSON array. */
final class DoctorJson {
    private DoctorJson() {}

    static String of(List<Diagnosis> diagnoses) {
        return JsonObject.lines(diagnoses.stream().map(DoctorJson::object).toList());
    }

    private static JsonObject object(Diagnosis diagnosis) {
        JsonObject json =
                new JsonObject().with("subject", diagnosis.subject().toString()).with("check", diagnosis.check());
        Finding finding = diagnosis.finding();
        if (finding instanceof Finding.Ill ill) {
            return json.with("verdict", ill.ailment().severity().name().toLowerCase(Locale.ROOT))
                    .with("id", ill.ailment().id())
                    .with("finding", ill.text())
                    .with("meaning", ill.ailment().meaning())
                    .with(
                            "remedies",
                            ill.remedies().stream()
                                    .map(remedy -> new JsonObject()
                                            .with("where", remedy.where().toString())
                                            .with("command", remedy.command()))
                                    .toList());
        }
        String verdict =
                finding instanceof Finding.Sound ? "ok" : finding instanceof Finding.Skipped ? "skipped" : "unclear";
        return json.with("verdict", verdict).with("finding", finding.text());
    }
}
