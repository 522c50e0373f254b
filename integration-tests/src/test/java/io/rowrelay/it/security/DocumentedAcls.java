package io.rowrelay.it.security;

import io.rowrelay.sandbox.process.Project;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/** The ACLs that docs/operate/security.md lists: what users are told is what the tests run with. */
final class DocumentedAcls {
    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| ([^|]+) \\| (topic|group|cluster)(?: `([^`]+)`)? \\| ([A-Z_, ]+) \\|$");

    private DocumentedAcls() {}

    /** Those of a daemon or command, for a principal. */
    static List<AclBinding> of(String who, String principal) {
        return ROW.matcher(text())
                .results()
                .filter(row ->
                        List.of(row.group(1).replace("`", "").split(", ")).contains(who))
                .flatMap(row -> bindings(row, principal))
                .toList();
    }

    private static Stream<AclBinding> bindings(MatchResult row, String principal) {
        ResourceType type = ResourceType.fromString(row.group(2).toUpperCase(Locale.ROOT));
        String name = type == ResourceType.CLUSTER ? "kafka-cluster" : row.group(3);
        ResourcePattern resource = new ResourcePattern(type, name, PatternType.LITERAL);
        return Stream.of(row.group(4).split(", "))
                .map(operation -> new AclBinding(
                        resource,
                        new AccessControlEntry(
                                principal, "*", AclOperation.fromString(operation), AclPermissionType.ALLOW)));
    }

    private static String text() {
        try {
            return Files.readString(Project.find().root().resolve("docs/operate/security.md"));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
