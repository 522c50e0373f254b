package io.rowrelay.it.chaos;

/**
 * Something that does not add up.
 *
 * @param check what found it
 * @param key the row it is about; 0 where it is about none
 * @param what is wrong
 */
record Finding(String check, int key, String what) {
    @Override
    public String toString() {
        return check + (key == 0 ? "" : ", key " + key) + ": " + what;
    }
}
