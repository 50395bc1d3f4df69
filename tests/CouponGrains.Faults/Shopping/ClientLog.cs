using System.Text.Json;
using System.Text.Json.Serialization;

namespace CouponGrains.Faults.Shopping;

/// <summary>A line of the log: terms that were agreed, a wish that was sent, or the answer to the one of the same
/// number.</summary>
/// <param name="Number">Counts requests; 0 for terms.</param>
/// <param name="At">When.</param>
internal sealed record LogLine(long Number, DateTimeOffset At)
{
    /// <summary>A campaign was made.</summary>
    public Terms? Agreed { get; init; }

    /// <summary>A request was sent; written before that.</summary>
    public Wish? Asked { get; init; }

    /// <summary>It was answered, or will not be.</summary>
    public Answer? Answered { get; init; }
}

/// <summary>All that the clients sent and were told, in a file that is only appended to.</summary>
internal sealed class ClientLog : IDisposable
{
    private static readonly JsonSerializerOptions Form = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
        Converters = { new JsonStringEnumConverter() },
    };

    private readonly Lock _gate = new();
    private readonly StreamWriter _file;
    private readonly TimeProvider _time;
    private long _number;

    public ClientLog(string path, TimeProvider time)
    {
        _time = time;
        _file = new(new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read)) { AutoFlush = true };
    }

    /// <summary>The time by which its lines are dated.</summary>
    public DateTimeOffset Now => _time.GetUtcNow();

    public void Agree(Terms terms) => Write(new(0, _time.GetUtcNow()) { Agreed = terms });

    /// <summary>Notes a request before it is sent; answers its number.</summary>
    public long Ask(Wish wish)
    {
        var number = Interlocked.Increment(ref _number);
        Write(new(number, _time.GetUtcNow()) { Asked = wish });
        return number;
    }

    public void Answer(long number, Answer answer) => Write(new(number, _time.GetUtcNow()) { Answered = answer });

    public void Dispose() => _file.Dispose();

    /// <summary>Reads a file that was written here.</summary>
    public static IEnumerable<LogLine> Read(string path) => File.ReadLines(path).Select(line =>
        JsonSerializer.Deserialize<LogLine>(line, Form) ?? throw new InvalidDataException("A line of the log is empty."));

    private void Write(LogLine line)
    {
        var text = JsonSerializer.Serialize(line, Form);
        lock (_gate)
        {
            _file.WriteLine(text);
        }
    }
}
