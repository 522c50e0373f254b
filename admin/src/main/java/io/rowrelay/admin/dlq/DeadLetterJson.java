package io.rowrelay.admin.dlq;

import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** DeadLetterList for scripts. */
final class DeadLetterJson {
    private DeadLetterJson() {}

    /** What {@code dlq list} shows of a dead letter. */
    static Map<String, Object> head(DeadLetterEntry entry) {
        DeadLetter letter = entry.letter();
        Map<String, Object> head = new LinkedHashMap<>();
        head.put("id", letter.id());
        head.put("time", letter.time());
        head.put("key", letter.keyText());
        head.put("reason", letter.reason());
        DeadLetter.Origin origin = letter.origin();
        head.put("topic", origin.topic());
        head.put("partition", origin.partition());
        head.put("offset", origin.offset());
        head.put("replays", entry.replays());
        head.put("state", entry.handling().state().word());
        return head;
    }

    /** A dead letter as a whole, from which it can be made again: bytes that are no text in UTF-8 are there in base64. */
    static Map<String, Object> whole(DeadLetterEntry entry) {
        DeadLetter letter = entry.letter();
        Map<String, Object> whole = head(entry);
        whole.remove("key");
        bytes(whole, "key", letter.key());
        bytes(whole, "value", letter.value());
        List<Map<String, Object>> headers = new ArrayList<>();
        for (DeadLetter.Header header : letter.headers()) {
            Map<String, Object> each = new LinkedHashMap<>();
            each.put("name", header.name());
            bytes(each, "value", header.value());
            headers.add(each);
        }
        whole.put("headers", headers);
        return whole;
    }

    @SuppressWarnings("NullAway") // A member that is null is what JSON calls null.
    private static void bytes(Map<String, Object> object, String name, byte @Nullable [] bytes) {
        Optional<String> text = Texts.utf8(bytes);
        if (bytes == null || text.isPresent()) {
            object.put(name, text.orElse(null));
        } else {
            object.put(name + "_base64", Base64.getEncoder().encodeToString(bytes));
        }
    }
}
