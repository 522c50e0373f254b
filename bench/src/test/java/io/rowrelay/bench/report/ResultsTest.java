package io.rowrelay.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.rowrelay.bench.figures.Figures;
import io.rowrelay.bench.figures.Results;
import io.rowrelay.bench.figures.Unit;
import io.rowrelay.bench.measure.Drain;
import io.rowrelay.bench.measure.Goals;
import io.rowrelay.bench.measure.Latency;
import io.rowrelay.bench.replication.LogicalReplication;
import io.rowrelay.bench.replication.RowrelayReplication;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** The figures become JSON, tables and plots. */
class ResultsTest {
    private final Figures figures = new Figures(Goals.all());

    @BeforeEach
    void setUp() {
        figures.add(Drain.NAME, RowrelayReplication.NAME, Unit.RATE, 40_000);
        figures.add(Drain.NAME, RowrelayReplication.NAME, Unit.RATE, 42_000);
        figures.add(Drain.NAME, LogicalReplication.NAME, Unit.RATE, 61_000);
        figures.add(Drain.NAME, Drain.AGAINST_LOGICAL, Unit.RATIO, 0.68);
        for (double percent : Latency.PERCENTILES) {
            latency(RowrelayReplication.NAME, percent, 4);
            latency(LogicalReplication.NAME, percent, 1);
        }
    }

    @Test
    void json_holds_every_figure_with_its_rounds_and_its_goal() {
        String json = JsonResults.of(results());

        assertThat(json)
                .contains("\"name\" : \"rowrelay\"", "\"median\" : 41000.0", "\"rounds\" : [ 40000.0, 42000.0 ]")
                .contains("\"goal_at_least\" : 0.6")
                .contains("\"times_compared_and_equal\" : 4")
                .contains("\"failures\" : [ \"tail: broken \\\"pipe\\\"\" ]");
        assertThat(lastToken(json)).isEqualTo(JsonToken.END_OBJECT);
    }

    @Test
    void the_report_shows_medians_with_their_goals_and_what_failed() {
        // Without the blanks that make the columns even.
        String report = MarkdownReport.of(results()).replaceAll(" +", " ");

        assertThat(report)
                .contains("were compared and found equal 4 times.")
                .contains("| rowrelay | 41,000 | changes/s | (40,000 - 42,000) | |")
                .contains("| drain: rowrelay against logical replication | 0.68 | times | >= 0.60 | yes |")
                .contains("| rowrelay, 500 tx/s | 4.00 (<= 5.00) | 4.00 | 4.00 (<= 25.0) |")
                .contains("NOT MEASURED: tail: broken \"pipe\"");
    }

    @Test
    void plots_have_a_mark_for_every_figure() throws Exception {
        Document latencies = parsed(LatencyPlot.of(figures, List.of(500, 2_000)));
        Document rates = parsed(ThroughputPlot.of(figures));

        // Two curves, each with its piece of line in the legend.
        assertThat(latencies.getElementsByTagName("polyline").getLength()).isEqualTo(4);
        assertThat(latencies.getDocumentElement().getTextContent())
                .contains("rowrelay, 500 tx/s", "logical replication, 500 tx/s")
                .doesNotContain("2,000 tx/s");
        // The white ground and two bars.
        assertThat(rates.getElementsByTagName("rect").getLength()).isEqualTo(3);
        assertThat(rates.getDocumentElement().getTextContent()).contains("drain: rowrelay", "41,000", "61,000");
    }

    @Test
    void plots_of_nothing_are_plots() throws Exception {
        Figures none = new Figures(Goals.all());

        assertThat(parsed(LatencyPlot.of(none, List.of())).getDocumentElement()).isNotNull();
        assertThat(parsed(ThroughputPlot.of(none)).getDocumentElement()).isNotNull();
    }

    private void latency(String replication, double percent, double millis) {
        figures.add(Latency.NAME, Latency.figure(replication, Latency.rate(500), percent), Unit.MILLISECONDS, millis);
    }

    private Results results() {
        return new Results(Map.of("processors", "2"), 2, 4, figures.all(), List.of("tail: broken \"pipe\""));
    }

    private static JsonToken lastToken(String json) {
        JsonToken last = JsonToken.NOT_AVAILABLE;
        try (JsonParser parser = new JsonFactory().createParser(ObjectReadContext.empty(), json)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                last = token;
            }
        }
        return last;
    }

    private static Document parsed(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    }
}
