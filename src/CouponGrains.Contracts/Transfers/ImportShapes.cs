using CouponGrains.Domain;
using CouponGrains.Domain.Transfers;

namespace CouponGrains.Contracts.Transfers;

[GenerateSerializer, Alias("cg.import-fault")]
internal struct ImportFaultShape
{
    [Id(0)] public long Line;
    [Id(1)] public string? Pointer;
    [Id(2)] public string Code;
    [Id(3)] public string Detail;
}

[RegisterConverter, RegisterCopier]
internal sealed class ImportFaultConverter : Shaped<ImportFault, ImportFaultShape>
{
    public override ImportFaultShape ConvertToSurrogate(in ImportFault value) =>
        new() { Line = value.Line, Pointer = value.Pointer, Code = value.Code, Detail = value.Detail };

    public override ImportFault ConvertFromSurrogate(in ImportFaultShape shape) =>
        new(shape.Line, shape.Pointer, shape.Code, shape.Detail);
}

[GenerateSerializer, Alias("cg.import-outcome")]
internal struct ImportOutcomeShape
{
    [Id(0)] public Refusal? Refusal;
    [Id(1)] public bool Before;
}

[RegisterConverter, RegisterCopier]
internal sealed class ImportOutcomeConverter : Shaped<ImportOutcome, ImportOutcomeShape>
{
    public override ImportOutcomeShape ConvertToSurrogate(in ImportOutcome value) =>
        new() { Refusal = value.Refusal, Before = value.Before };

    public override ImportOutcome ConvertFromSurrogate(in ImportOutcomeShape shape) => new(shape.Refusal, shape.Before);
}

[GenerateSerializer, Alias("cg.import-counts")]
internal struct ImportCountsShape
{
    [Id(0)] public long Accepted;
    [Id(1)] public long Duplicate;
    [Id(2)] public long Refused;
    [Id(3)] public IReadOnlyList<ImportFault> Errors;
}

[RegisterConverter, RegisterCopier]
internal sealed class ImportCountsConverter : Shaped<ImportCounts, ImportCountsShape>
{
    public override ImportCountsShape ConvertToSurrogate(in ImportCounts value) => new()
    {
        Accepted = value.Accepted,
        Duplicate = value.Duplicate,
        Refused = value.Refused,
        Errors = value.Errors,
    };

    public override ImportCounts ConvertFromSurrogate(in ImportCountsShape shape) =>
        new(shape.Accepted, shape.Duplicate, shape.Refused, shape.Errors);
}

[GenerateSerializer, Alias("cg.import-file")]
internal struct ImportShape
{
    [Id(0)] public string Id;
    [Id(1)] public ImportKind Kind;
    [Id(2)] public string By;
    [Id(3)] public DateTimeOffset At;
    [Id(4)] public ImportState State;
    [Id(5)] public int Revision;
    [Id(6)] public int Parts;
    [Id(7)] public int PartsDone;
    [Id(8)] public long Total;
    [Id(9)] public ImportCounts Counts;
    [Id(10)] public DateTimeOffset? EndedAt;
}

[RegisterConverter, RegisterCopier]
internal sealed class ImportConverter : Shaped<FileImport, ImportShape>
{
    public override ImportShape ConvertToSurrogate(in FileImport value) => new()
    {
        Id = value.Id,
        Kind = value.Kind,
        By = value.By,
        At = value.At,
        State = value.State,
        Revision = value.Revision,
        Parts = value.Parts,
        PartsDone = value.PartsDone,
        Total = value.Total,
        Counts = value.Counts,
        EndedAt = value.EndedAt,
    };

    public override FileImport ConvertFromSurrogate(in ImportShape shape) => new()
    {
        Id = shape.Id,
        Kind = shape.Kind,
        By = shape.By,
        At = shape.At,
        State = shape.State,
        Revision = shape.Revision,
        Parts = shape.Parts,
        PartsDone = shape.PartsDone,
        Total = shape.Total,
        Counts = shape.Counts,
        EndedAt = shape.EndedAt,
    };
}
