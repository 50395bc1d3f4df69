using CouponGrains.Domain;

namespace CouponGrains.Contracts;

[GenerateSerializer, Alias("cg.refusal")]
internal struct RefusalShape
{
    [Id(0)] public string Code;
    [Id(1)] public string Detail;
    [Id(2)] public string? Pointer;
}

[RegisterConverter, RegisterCopier]
internal sealed class RefusalConverter : Shaped<Refusal, RefusalShape>
{
    public override RefusalShape ConvertToSurrogate(in Refusal value) =>
        new() { Code = value.Code, Detail = value.Detail, Pointer = value.Pointer };

    public override Refusal ConvertFromSurrogate(in RefusalShape shape) => new(shape.Code, shape.Detail, shape.Pointer);
}

/// <summary>The exception loses its stack on the way, and keeps what it says.</summary>
[RegisterConverter]
internal sealed class RefusedExceptionConverter : IConverter<RefusedException, RefusalShape>
{
    public RefusalShape ConvertToSurrogate(in RefusedException value) =>
        new() { Code = value.Refusal.Code, Detail = value.Refusal.Detail, Pointer = value.Refusal.Pointer };

    public RefusedException ConvertFromSurrogate(in RefusalShape shape) => new(new Refusal(shape.Code, shape.Detail, shape.Pointer));
}
