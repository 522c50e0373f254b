package io.rowrelay.admin.uninstall;

import io.rowrelay.common.runtime.OutageException;
import java.util.List;

/** What one of the two databases has of a stream. */
public interface Installation {
    /** What is there. */
    Plan plan() throws OutageException;

    /** Runs the statements of a plan in one transaction. */
    void remove(List<String> statements) throws OutageException;

    /**
     * What is to be removed.
     *
     * @param statements in SQL, in their order; none when nothing is there
     * @param remarks what the user should know before
     * @param daemons sessions of daemons that still use it, each in words
     */
    record Plan(List<String> statements, List<String> remarks, List<String> daemons) {
        public Plan {
            statements = List.copyOf(statements);
            remarks = List.copyOf(remarks);
            daemons = List.copyOf(daemons);
        }
    }
}
