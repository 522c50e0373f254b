package io.rowrelay.consumer.apply;

import io.rowrelay.stream.record.Rejected;
import io.rowrelay.stream.record.TopicRecord;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Tells in one line why records are refused, without a value of a row. */
final class RefusalCauses {
    private static final int SHOWN = 5;

    private RefusalCauses() {}

    /** The commonest causes first, each with its count and the place of one such record. */
    static String of(List<Rejected> refused) {
        Map<String, List<Rejected>> byCause =
                refused.stream().collect(Collectors.groupingBy(Rejected::why, LinkedHashMap::new, Collectors.toList()));
        String shown = byCause.entrySet().stream()
                .sorted(Comparator.comparingInt(cause -> -cause.getValue().size()))
                .limit(SHOWN)
                .map(cause -> line(cause.getKey(), cause.getValue()))
                .collect(Collectors.joining("; "));
        return byCause.size() > SHOWN ? shown + "; " + (byCause.size() - SHOWN) + " causes more" : shown;
    }

    private static String line(String why, List<Rejected> refused) {
        TopicRecord first = refused.get(0).origin();
        return refused.size() + " for " + why + ", such as partition " + first.partition() + " offset "
                + first.offset();
    }
}
