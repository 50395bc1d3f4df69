namespace CouponGrains.Cli.Evaluate;

/// <summary>Progress as lines on standard error.</summary>
internal sealed class Notes(Screen screen) : IProgress<string>
{
    /// <inheritdoc/>
    public void Report(string value) => screen.Note(value);
}
