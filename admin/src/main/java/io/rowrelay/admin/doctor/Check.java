package io.rowrelay.admin.doctor;

import io.rowrelay.common.runtime.OutageException;
import java.util.List;
import java.util.Set;

/** A look at one thing that can be wrong. Changes nothing. */
public interface Check {
    /** What it is called, in words joined by hyphens. */
    String name();

    /** What it is about. */
    Subject subject();

    /** Without these it is skipped. */
    Set<Need> needs();

    /**
     * Looks.
     *
     * @return at least one finding
     * @throws OutageException when it cannot be told
     */
    List<Finding> look() throws OutageException, InterruptedException;
}
