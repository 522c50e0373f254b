package io.rowrelay.it.sandbox;

import io.rowrelay.common.runtime.Surroundings;
import io.rowrelay.sandbox.stack.Stack;
import java.util.concurrent.CountDownLatch;

/** Starts a stack, says where, and waits to be killed. */
final class StackInAnotherJvm {
    static final String STARTED = "started in ";

    static {
        // As each program does.
        Surroundings.pin();
    }

    private StackInAnotherJvm() {}

    public static void main(String[] arguments) throws InterruptedException {
        Stack stack = Stack.builder().withoutTables().start();
        System.out.println(STARTED + stack.directory());
        new CountDownLatch(1).await();
    }
}
