package io.rowrelay.it.stack;

import io.rowrelay.admin.AdminMain;
import io.rowrelay.common.runtime.Surroundings;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** The other end of {@link AdminRun}: runs one command of admin.jar after the other, until its input ends. */
final class AdminHost {
    static {
        // As each program does.
        Surroundings.pin();
    }

    private AdminHost() {}

    /** Reads commands and writes what came of them. */
    public static void main(String[] none) throws IOException {
        DataInputStream commands = new DataInputStream(System.in);
        DataOutputStream outcomes = new DataOutputStream(new FileOutputStream(FileDescriptor.out));
        // Nobody answers what a command may ask.
        System.setIn(InputStream.nullInputStream());
        while (true) {
            Map<String, String> environment = new HashMap<>();
            String[] arguments;
            try {
                for (int left = commands.readInt(); left > 0; left--) {
                    environment.put(commands.readUTF(), commands.readUTF());
                }
                arguments = new String[commands.readInt()];
                for (int i = 0; i < arguments.length; i++) {
                    arguments[i] = commands.readUTF();
                }
            } catch (EOFException noMore) {
                return;
            }
            run(environment, arguments, outcomes);
        }
    }

    private static void run(Map<String, String> environment, String[] arguments, DataOutputStream outcomes)
            throws IOException {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        System.setOut(new PrintStream(output, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(errors, true, StandardCharsets.UTF_8));
        outcomes.writeInt(AdminMain.run(environment, arguments));
        write(output, outcomes);
        write(errors, outcomes);
        outcomes.flush();
    }

    private static void write(ByteArrayOutputStream text, DataOutputStream outcomes) throws IOException {
        outcomes.writeInt(text.size());
        text.writeTo(outcomes);
    }
}
