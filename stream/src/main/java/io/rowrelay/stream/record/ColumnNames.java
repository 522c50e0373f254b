package io.rowrelay.stream.record;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * What a column is called in the change table and in records: as in its own table, but for names that the {@linkplain Envelope
 * envelope} needs. Such a column gets one more underscore, and so does one that would then be taken for it, so that the rule can
 * always be turned round. In SQL it is rowrelay.change_column.
 */
public final class ColumnNames {
    private static final Pattern NEEDED = Pattern.compile("_*(action_id|action|changed_at|xid)");

    /** PostgreSQL's own names have at most 63 bytes. */
    private static final int LONGEST_BYTES = 63;

    private ColumnNames() {}

    /** Whether a column can have the name that a member of a record has. */
    public static boolean isPossible(String member) {
        String column = NEEDED.matcher(member).matches() ? member.substring(1) : member;
        return !column.isEmpty()
                && column.getBytes(StandardCharsets.UTF_8).length <= LONGEST_BYTES
                && column.indexOf('\0') < 0;
    }

    /** Returns the name that a column has in the change table and in records. */
    public static String inRecord(String column) {
        return NEEDED.matcher(column).matches() ? "_" + column : column;
    }

    /**
     * Returns the column that a member of a record belongs to.
     *
     * <p>Records from before this rule have a column such as {@code _action} under its own name. So a member whose column the table
     * lacks is taken for the column of its own name, if there is one that no other member belongs to.
     *
     * @param member its name, none of the envelope's
     * @param members the names of all of them
     * @param known tells which columns the table has
     */
    public static String ofMember(String member, Collection<String> members, Predicate<String> known) {
        if (!NEEDED.matcher(member).matches()) {
            return member;
        }
        String column = member.substring(1);
        boolean old = !known.test(column) && known.test(member) && !members.contains(inRecord(member));
        return old ? member : column;
    }
}
