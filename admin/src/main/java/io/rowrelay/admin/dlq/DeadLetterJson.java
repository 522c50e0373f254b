package io.rowrelay.admin.dlq;

import io.rowrelay.admin.command.JsonObject;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Dead letters for scripts. */
final class DeadLetterJson {
    private DeadLetterJson() {}

    /** What {@code dlq list} shows of a dead letter. */
    static JsonObject head(DeadLetterEntry entry) {
        DeadLetter letter = entry.letter();
        return facts(
                new JsonObject()
                        .with("id", letter.id())
                        .with("time", letter.time())
                        .with("key", letter.keyText()),
                entry);
    }

    /** A whole dead letter, complete enough to make it again: bytes that are no text in UTF-8 are there in base64. */
    static JsonObject whole(DeadLetterEntry entry) {
        DeadLetter letter = entry.letter();
        JsonObject whole = facts(new JsonObject().with("id", letter.id()).with("time", letter.time()), entry);
        bytes(whole, "key", letter.key());
        bytes(whole, "value", letter.value());
        List<JsonObject> headers = new ArrayList<>();
        for (DeadLetter.Header header : letter.headers()) {
            headers.add(bytes(new JsonObject().with("name", header.name()), "value", header.value()));
        }
        return whole.with("headers", headers);
    }

    private static JsonObject facts(JsonObject object, DeadLetterEntry entry) {
        DeadLetter.Origin origin = entry.letter().origin();
        return object.with("reason", entry.letter().reason())
                .with("topic", origin.topic())
                .with("partition", origin.partition())
                .with("offset", origin.offset())
                .with("replays", entry.replays())
                .with("state", entry.handling().state().word());
    }

    private static JsonObject bytes(JsonObject object, String name, byte @Nullable [] bytes) {
        Optional<String> text = Texts.utf8(bytes);
        return bytes == null || text.isPresent()
                ? object.with(name, text)
                : object.with(name + "_base64", Base64.getEncoder().encodeToString(bytes));
    }
}
