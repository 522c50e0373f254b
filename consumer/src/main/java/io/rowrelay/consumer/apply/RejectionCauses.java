package io.rowrelay.consumer.apply;

import io.rowrelay.stream.record.Rejected;
import io.rowrelay.stream.record.TopicRecord;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Tells in one line why records are rejected, without a value of a row. */
final class RejectionCauses {
    private static final int SHOWN = 5;

    private RejectionCauses() {}

    /** The commonest causes first, each with its count and where one such record lies. */
    static String of(List<Rejected> rejected) {
        Map<String, List<Rejected>> byCause = rejected.stream()
                .collect(Collectors.groupingBy(Rejected::why, LinkedHashMap::new, Collectors.toList()));
        String shown = byCause.entrySet().stream()
                .sorted(Comparator.comparingInt(cause -> -cause.getValue().size()))
                .limit(SHOWN)
                .map(cause -> line(cause.getKey(), cause.getValue()))
                .collect(Collectors.joining("; "));
        return byCause.size() > SHOWN ? shown + "; " + (byCause.size() - SHOWN) + " causes more" : shown;
    }

    private static String line(String why, List<Rejected> rejected) {
        TopicRecord first = rejected.get(0).origin();
        return rejected.size() + " for " + why + ", such as partition "
                + first.partition().number() + " offset " + first.offset();
    }
}
