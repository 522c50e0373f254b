package io.rowrelay.admin.doctor.json;

import io.rowrelay.admin.doctor.Diagnosis;
import io.rowrelay.admin.doctor.Finding;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Findings as a JSON array. */
public final class DoctorJson {
    private DoctorJson() {}

    /** Prints them. */
    public static String of(List<Diagnosis> diagnoses) {
        ArrayNode json = JsonNodeFactory.instance.arrayNode();
        diagnoses.forEach(diagnosis -> add(json.addObject(), diagnosis));
        return json.toPrettyString();
    }

    private static void add(ObjectNode json, Diagnosis diagnosis) {
        Finding finding = diagnosis.finding();
        json.put("subject", diagnosis.subject().toString()).put("check", diagnosis.check());
        if (finding instanceof Finding.Ill ill) {
            json.put("verdict", ill.ailment().severity().name().toLowerCase(Locale.ROOT));
            json.put("id", ill.ailment().id()).put("finding", ill.text());
            json.put("meaning", ill.ailment().meaning());
            ArrayNode remedies = json.putArray("remedies");
            ill.remedies()
                    .forEach(remedy -> remedies.addObject()
                            .put("where", remedy.where().toString())
                            .put("command", remedy.command()));
            return;
        }
        String verdict =
                finding instanceof Finding.Sound ? "ok" : finding instanceof Finding.Skipped ? "skipped" : "unclear";
        json.put("verdict", verdict).put("finding", finding.text());
    }
}
