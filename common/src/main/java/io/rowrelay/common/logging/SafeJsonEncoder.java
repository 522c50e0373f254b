package io.rowrelay.common.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import io.rowrelay.common.text.PrintableText;
import java.nio.charset.StandardCharsets;

/** One JSON object a line, with exceptions as their level may show them. For one thread at a time, as appenders have it. */
final class SafeJsonEncoder extends JsonEncoder {
    private boolean whole;

    SafeJsonEncoder() {
        // The message is enough when filled in; the rest only repeats it, or is the same in every line.
        setWithFormattedMessage(true);
        setWithMessage(false);
        setWithArguments(false);
        setWithContext(false);
        setWithSequenceNumber(false);
        setWithNanoseconds(false);
        setWithMDC(false);
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        whole = !event.getLevel().isGreaterOrEqual(Level.INFO);
        String line = new String(super.encode(event), StandardCharsets.UTF_8);
        return (PrintableText.lines(line) + '\n').getBytes(StandardCharsets.UTF_8);
    }

    @Override
    protected void appendThrowableProxy(StringBuilder line, String name, IThrowableProxy thrown) {
        super.appendThrowableProxy(
                line, name, whole || thrown instanceof SafeThrowable ? thrown : SafeThrowable.of(thrown));
    }
}
