package io.rowrelay.it.chaos;

/** A fault whose injection and healing are a call each. */
record SimpleFault(String name, Target target, Runnable injection, Runnable healing) implements Fault {
    @Override
    public void inject() {
        injection.run();
    }

    @Override
    public void heal() {
        healing.run();
    }
}
