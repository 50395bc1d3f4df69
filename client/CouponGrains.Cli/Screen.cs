using System.Text.Json;
using System.Text.Json.Serialization;
using CouponGrains.Contracts;
using CouponGrains.Domain;

namespace CouponGrains.Cli;

/// <summary>Where a command writes: its result on standard output (a table, or with <c>--json</c> one document),
/// everything else on standard error.</summary>
internal sealed class Screen(bool json)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters =
        {
            new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower), new OneValue<UserId>(v => v.Value), new OneValue<ItemId>(v => v.Value),
            new OneValue<EventId>(v => v.Value), new OneValue<CampaignId>(v => v.Value), new OneValue<OfferId>(v => v.Value),
            new OneValue<Currency>(v => v.Code), new OneValue<ModelVersion>(v => v.Number),
        },
    };

    private readonly IAnsiConsole _messages =
        AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(Console.Error) });

    /// <summary>True with <c>--json</c>.</summary>
    public bool Json => json;

    /// <summary>Prints the result: <paramref name="document"/> as JSON, or what <paramref name="show"/>
    /// draws.</summary>
    public void Result(object document, Action<IAnsiConsole> show)
    {
        if (json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(document, Options));
            return;
        }

        var console = AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(Console.Out) });
        if (Console.IsOutputRedirected)
        {
            console.Profile.Width = 160;
        }

        show(console);
    }

    /// <summary>A message on standard error.</summary>
    public void Note(string text) => _messages.WriteLine(text);

    /// <summary>Runs <paramref name="work"/> under a progress bar on standard error. <c>report</c> takes the share, 0
    /// to 1, and what is going on.</summary>
    public Task Progress(string title, Func<Action<double, string>, Task> work) => Console.IsErrorRedirected
        ? work((_, _) => { })
        : _messages.Progress().AutoClear(true).HideCompleted(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .StartAsync(async context =>
            {
                var task = context.AddTask(Markup.Escape(title));
                await work((share, text) =>
                {
                    task.Value = 100 * share;
                    task.Description = Markup.Escape(text);
                });
            });

    /// <summary>A table of texts; columns whose name begins with <c>#</c> stand at the right.</summary>
    public static Table Grid(IEnumerable<string> columns, IEnumerable<IEnumerable<string>> rows)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (var column in columns)
        {
            var number = column.StartsWith('#');
            table.AddColumn(new TableColumn(Markup.Escape(column.TrimStart('#'))) { Alignment = number ? Justify.Right : Justify.Left });
        }

        foreach (var row in rows)
        {
            table.AddRow([.. row.Select(text => new Text(text))]);
        }

        return table;
    }

    /// <summary>The value, or the refusal as an exception for the door.</summary>
    public static T Take<T>(Answer<T> answer)
        where T : class => answer.Succeeded ? answer.Value : throw new RefusedException(answer.Refusal);

    private sealed class OneValue<T>(Func<T, object> value) : JsonConverter<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, T id, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, value(id), options);

        public override void WriteAsPropertyName(Utf8JsonWriter writer, T id, JsonSerializerOptions options) =>
            writer.WritePropertyName(value(id).ToString()!);
    }
}
