using CouponGrains.Domain.Audit;

namespace CouponGrains.Contracts.Audit;

[GenerateSerializer, Alias("cg.actor")]
internal struct ActorShape
{
    [Id(0)] public ActorKind Kind;
    [Id(1)] public string Id;
}

[RegisterConverter, RegisterCopier]
internal sealed class ActorConverter : Shaped<Actor, ActorShape>
{
    public override ActorShape ConvertToSurrogate(in Actor value) => new() { Kind = value.Kind, Id = value.Id };

    public override Actor ConvertFromSurrogate(in ActorShape shape) => new(shape.Kind, shape.Id);
}

[GenerateSerializer, Alias("cg.audit-difference")]
internal struct AuditDifferenceShape
{
    [Id(0)] public string Path;
    [Id(1)] public string? Before;
    [Id(2)] public string? After;
}

[RegisterConverter, RegisterCopier]
internal sealed class AuditDifferenceConverter : Shaped<AuditDifference, AuditDifferenceShape>
{
    public override AuditDifferenceShape ConvertToSurrogate(in AuditDifference value) =>
        new() { Path = value.Path, Before = value.Before, After = value.After };

    public override AuditDifference ConvertFromSurrogate(in AuditDifferenceShape shape) =>
        new(shape.Path, shape.Before, shape.After);
}

[GenerateSerializer, Alias("cg.audit-event")]
internal struct AuditEventShape
{
    [Id(0)] public long Number;
    [Id(1)] public DateTimeOffset At;
    [Id(2)] public Actor Actor;
    [Id(3)] public string Action;
    [Id(4)] public string Target;
    [Id(5)] public AuditOutcome Outcome;
    [Id(6)] public string Request;
    [Id(7)] public IReadOnlyList<AuditDifference> Changes;
    [Id(8)] public string Previous;
    [Id(9)] public string Hash;
}

[RegisterConverter, RegisterCopier]
internal sealed class AuditEventConverter : Shaped<AuditEvent, AuditEventShape>
{
    public override AuditEventShape ConvertToSurrogate(in AuditEvent value) => new()
    {
        Number = value.Number, At = value.At, Actor = value.Actor, Action = value.Action, Target = value.Target,
        Outcome = value.Outcome, Request = value.Request, Changes = value.Changes, Previous = value.Previous,
        Hash = value.Hash,
    };

    public override AuditEvent ConvertFromSurrogate(in AuditEventShape shape) => new(new AuditEntry
    {
        At = shape.At, Actor = shape.Actor, Action = shape.Action, Target = shape.Target, Outcome = shape.Outcome,
        Request = shape.Request, Changes = shape.Changes,
    }, shape.Number, shape.Previous, shape.Hash);
}

[GenerateSerializer, Alias("cg.audit-head")]
internal struct AuditHeadShape
{
    [Id(0)] public long Number;
    [Id(1)] public string Hash;
}

[RegisterConverter, RegisterCopier]
internal sealed class AuditHeadConverter : Shaped<AuditHead, AuditHeadShape>
{
    public override AuditHeadShape ConvertToSurrogate(in AuditHead value) =>
        new() { Number = value.Number, Hash = value.Hash };

    public override AuditHead ConvertFromSurrogate(in AuditHeadShape shape) => new(shape.Number, shape.Hash);
}

[GenerateSerializer, Alias("cg.audit-fault")]
internal struct AuditFaultShape
{
    [Id(0)] public long Number;
    [Id(1)] public AuditFaultKind Kind;
}

[RegisterConverter, RegisterCopier]
internal sealed class AuditFaultConverter : Shaped<AuditFault, AuditFaultShape>
{
    public override AuditFaultShape ConvertToSurrogate(in AuditFault value) =>
        new() { Number = value.Number, Kind = value.Kind };

    public override AuditFault ConvertFromSurrogate(in AuditFaultShape shape) => new(shape.Number, shape.Kind);
}

[GenerateSerializer, Alias("cg.audit-check")]
internal struct AuditCheckShape
{
    [Id(0)] public AuditHead Head;
    [Id(1)] public AuditFault? Fault;
}

[RegisterConverter, RegisterCopier]
internal sealed class AuditCheckConverter : Shaped<AuditCheck, AuditCheckShape>
{
    public override AuditCheckShape ConvertToSurrogate(in AuditCheck value) =>
        new() { Head = value.Head, Fault = value.Fault };

    public override AuditCheck ConvertFromSurrogate(in AuditCheckShape shape) =>
        new() { Head = shape.Head, Fault = shape.Fault };
}

[GenerateSerializer, Alias("cg.audit-filter")]
internal struct AuditFilterShape
{
    [Id(0)] public string? Actor;
    [Id(1)] public string? Action;
    [Id(2)] public string? Target;
    [Id(3)] public DateTimeOffset? Since;
    [Id(4)] public DateTimeOffset? Until;
}

[RegisterConverter, RegisterCopier]
internal sealed class AuditFilterConverter : Shaped<AuditFilter, AuditFilterShape>
{
    public override AuditFilterShape ConvertToSurrogate(in AuditFilter value) => new()
    {
        Actor = value.Actor, Action = value.Action, Target = value.Target, Since = value.Since, Until = value.Until,
    };

    public override AuditFilter ConvertFromSurrogate(in AuditFilterShape shape) => new()
    {
        Actor = shape.Actor, Action = shape.Action, Target = shape.Target, Since = shape.Since, Until = shape.Until,
    };
}
