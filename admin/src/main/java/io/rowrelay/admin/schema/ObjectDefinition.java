package io.rowrelay.admin.schema;

import java.util.Optional;

/**
 * Something that a table needs, or that belongs to it.
 *
 * @param address names it among the others
 * @param kind what it is
 * @param name as in SQL, with its schema where it has one
 * @param relation the address of the table that it belongs to, which can be its own; empty where it stands alone
 * @param statement makes it; empty where nothing of ours can
 */
record ObjectDefinition(
        ObjectAddress address,
        ObjectKind kind,
        String name,
        Optional<ObjectAddress> relation,
        Optional<String> statement) {
    /** Whether it is made and left with its table. */
    boolean isPart() {
        return relation.isPresent() && !relation.get().equals(address);
    }
}
