using Microsoft.Extensions.Logging;

namespace CouponGrains.Grains.Models;

internal static partial class ModelsLog
{
    [LoggerMessage(1300, LogLevel.Information, "This silo holds model {Model}, {Offers} offers and {Items} items.")]
    public static partial void Refreshed(ILogger log, long model, int offers, int items);

    [LoggerMessage(1301, LogLevel.Warning, "This silo could not look for changes and goes on with what it holds.")]
    public static partial void RefreshFailed(ILogger log, Exception fault);

    [LoggerMessage(1302, LogLevel.Error, "Model {Model} is refused: {Code}: {Detail} Model {Held} stays in use.")]
    public static partial void ModelRefused(ILogger log, long model, string code, string detail, long held);

    [LoggerMessage(1303, LogLevel.Warning, "A silo has not followed a hint; its own poll will.")]
    public static partial void HintFailed(ILogger log, Exception fault);

    [LoggerMessage(1304, LogLevel.Information, "Model {Model} is in force instead of {Before}: {Reason}.")]
    public static partial void Promoted(ILogger log, long model, long before, string reason);

    [LoggerMessage(1305, LogLevel.Error, "Model {Model} could not be read. Model {Held} stays in use.")]
    public static partial void ModelUnreadable(ILogger log, long model, long held, Exception fault);

    [LoggerMessage(1306, LogLevel.Warning,
        "The response model of {Model} is of another version of this program: it answers by the means of segments.")]
    public static partial void ResponseUnfit(ILogger log, long model);

    [LoggerMessage(1307, LogLevel.Information, "The day {Day:yyyy-MM-dd} was measured: {Level}, calibration error {Error} of {Issues} issues.")]
    public static partial void DriftMeasured(ILogger log, DateTimeOffset day, string level, double error, long issues);

    [LoggerMessage(1310, LogLevel.Information, "Training run {Run} started: {Reason}.")]
    public static partial void RunStarted(ILogger log, long run, string reason);

    [LoggerMessage(1311, LogLevel.Information, "Training run {Run} ended: {State}, model {Model}, {Code}.")]
    public static partial void RunEnded(ILogger log, long run, string state, long model, string code);

    [LoggerMessage(1314, LogLevel.Warning,
        "Training run {Run} is taken up for the {Times}. time: its silo has ended. It had stored model {Model} (0: none).")]
    public static partial void RunTakenUp(ILogger log, long run, int times, long model);

    [LoggerMessage(1312, LogLevel.Error, "Training run {Run} failed.")]
    public static partial void RunFailed(ILogger log, long run, Exception fault);

    [LoggerMessage(1313, LogLevel.Error, "Model {Model} could not be put into force; failures: {Failures}.")]
    public static partial void PublishFailed(ILogger log, long model, int failures, Exception fault);
}
