// SPDX-License-Identifier: BSD-3-Clause
public import Pipeline

/// The stages that come with Sluice, in the order in which they are shown to users.
public enum StandardStages {
  public static let all: [StageType] = [
    StageType(Parse.self),
    StageType(Classify.self),
    StageType(SetFields.self),
    StageType(MapPriority.self),
    StageType(MeterStage.self),
    StageType(Police.self),
    StageType(MarkECN.self),
    StageType(QueueStage.self),
    StageType(VerifyICRC.self),
    StageType(FixICRC.self),
    StageType(Count.self),
    StageType(TrackFlows.self),
    StageType(TrackQPs.self),
    StageType(RoCETelemetry.self),
    StageType(Sample.self),
    StageType(Mirror.self),
    StageType(CaptureStage.self),
    StageType(PFC.self),
    StageType(Impair.self),
    StageType(Jump.self),
    StageType(Encapsulate.self),
    StageType(Decapsulate.self),
    StageType(ConvertRoCE.self),
    StageType(DCQCNNP.self),
    StageType(DCQCNRP.self),
    StageType(Drop.self),
    StageType(Send.self),
  ]
}
