package io.rowrelay.common.runtime;

/** Work that is done in steps by one thread. */
@FunctionalInterface
public interface Task {
    /**
     * Does what can be done now and returns how much that was.
     *
     * @return how many pieces of work were done; 0 when there was nothing to do
     * @throws OutageException when a dependency is out; the step will be repeated, so it must leave its state
     *     such that a repetition is right
     */
    int step() throws OutageException, InterruptedException;
}
