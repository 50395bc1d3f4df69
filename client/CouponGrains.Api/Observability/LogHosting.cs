using CouponGrains.Domain;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace CouponGrains.Api.Observability;

/// <summary>The log of a process: one line for each message on the standard error, for people or, with <c>Logs</c> at
/// <c>json</c>, for programs.</summary>
public static class LogHosting
{
    /// <summary>Replaces what logs. Throws <see cref="RefusedException"/> with
    /// <see cref="RefusalCodes.BadOption"/>.</summary>
    /// <param name="logging">The process's logging.</param>
    /// <param name="levels">The levels, by category.</param>
    /// <param name="section">Holds <c>Logs</c>: <c>text</c> or <c>json</c>.</param>
    public static void AddLog(this ILoggingBuilder logging, IConfiguration levels, IConfiguration section)
    {
        logging.ClearProviders();
        logging.AddConfiguration(levels);
        // It tells addresses as they were called, and those hold user ids and the codes of coupons.
        logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning);
        // It warns of what was chosen: keys that live in this process, or that no other secret seals.
        logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
        _ = section["Logs"] switch
        {
            null or "text" => logging.AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.TimestampFormat = "HH:mm:ss ";
                console.UseUtcTimestamp = true;
            }),
            // Scopes stay out: those of the web server hold addresses, and addresses hold user ids.
            "json" => logging.AddJsonConsole(console =>
            {
                console.TimestampFormat = "O";
                console.UseUtcTimestamp = true;
            }),
            var text => throw new RefusedException(
                RefusalCodes.BadOption, $"logs is '{text}', but must be text or json."),
        };
        // What people read goes to the standard output, the log to the standard error.
        logging.Services.Configure<ConsoleLoggerOptions>(
            console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    }
}
